//! Waiting for work on threads of the engine, while Python goes on and may interrupt it.

use std::future::Future;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::serve::locked;

/// What only the thread that waits may do; an error of it ends the waiting.
pub(crate) type Call = Box<dyn FnOnce(Python<'_>) -> PyResult<()> + Send>;

/// Hands a call to the thread that waits.
pub(crate) type Caller = Arc<dyn Fn(Call) + Send + Sync>;

/// How often it is looked whether Python was interrupted.
const PATIENCE: Duration = Duration::from_millis(100);

/// Work whose end is waited for.
pub(crate) struct Waiting<T> {
    tell: Sender<Message<T>>,
    told: Receiver<Message<T>>,
}

enum Message<T> {
    Call(Call),
    Answer(T),
}

impl<T: Send + 'static> Waiting<T> {
    pub(crate) fn new() -> Self {
        let (tell, told) = channel();
        Waiting { tell, told }
    }

    /// What the work hands its calls to.
    pub(crate) fn caller(&self) -> Caller {
        let tell = self.tell.clone();
        Arc::new(move |call| {
            let _nobody_waits = tell.send(Message::Call(call));
        })
    }

    /// Runs the work to its end; `look` is called a few times a second. An interrupt of Python, or an error of `look`, stops the work.
    pub(crate) fn run(
        self,
        py: Python<'_>,
        work: impl Future<Output = T> + Send + 'static,
        mut look: impl FnMut() -> PyResult<()>,
    ) -> PyResult<T> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        let tell = self.tell;
        let told = Mutex::new(self.told);
        let task = runtime.spawn(async move {
            let answer = work.await;
            let _nobody_waits = tell.send(Message::Answer(answer));
        });
        loop {
            let goes_on = match py.detach(|| locked(&told).recv_timeout(PATIENCE)) {
                Ok(Message::Answer(answer)) => return Ok(answer),
                Ok(Message::Call(call)) => call(py),
                Err(RecvTimeoutError::Timeout) => Ok(()),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(PyRuntimeError::new_err("the work failed; this is a bug"));
                }
            };
            let goes_on = goes_on.and_then(|()| py.check_signals());
            if let Err(error) = goes_on.and_then(|()| look()) {
                task.abort();
                runtime.shutdown_background();
                return Err(error);
            }
        }
    }
}
