//! Drivers block: their calls have threads of their own, and are cancelled when nobody waits for them any more.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use adbc_core::CancelHandle;
use adbc_core::error::Status;
use epstats_source::{FailureKind, Refusal};
use tokio::sync::oneshot;

/// Runs `work` on a thread of its own. When the future is dropped, what the work watches is cancelled until the work returns.
pub(crate) async fn call<T: Send + 'static>(
    work: impl FnOnce(&Watch) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let watch = Arc::new(Watch::default());
    let (answer, answered) = oneshot::channel();
    let watched = Arc::clone(&watch);
    let body = move || {
        let _ended = EndOnDrop(&watched);
        // Who no longer waits needs no answer.
        let _ = answer.send(work(&watched));
    };
    let named = thread::Builder::new().name("adbc".to_owned());
    named.spawn(body).map_err(|error| {
        let message = "no thread could be started for the driver".to_owned();
        Refusal::new(FailureKind::Other, message).because(error)
    })?;
    let _cancelled = CancelOnDrop(watch);
    answered.await.unwrap_or_else(|_| {
        let message = "the driver of the database failed".to_owned();
        Err(Refusal::new(FailureKind::Other, message).help("the log tells where"))
    })
}

/// How a call stands, and how its statement is cancelled.
#[derive(Default)]
pub(crate) struct Watch {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    is_cancelled: bool,
    has_ended: bool,
    statement: Vec<Arc<dyn CancelHandle>>,
}

impl Watch {
    /// Tells how to cancel what runs next; each handle is tried until one is able to.
    pub(crate) fn begin(&self, handles: Vec<Arc<dyn CancelHandle>>) {
        self.state().statement = handles;
    }

    /// Does nobody wait any more?
    pub(crate) fn is_cancelled(&self) -> bool {
        self.state().is_cancelled
    }

    /// Nothing of the call runs any more, so that nothing is cancelled from now on. Was it before?
    pub(crate) fn end(&self) -> bool {
        let mut state = self.state();
        state.has_ended = true;
        state.statement.clear();
        state.is_cancelled
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Cancels again and again: a statement that has not quite begun on the server takes no notice.
    fn cancel_until_ended(&self) {
        let mut pause = FIRST_PAUSE;
        loop {
            let state = self.state();
            if state.has_ended {
                return;
            }
            let handles = state.statement.clone();
            drop(state);
            let mut is_able = handles.is_empty();
            for handle in handles {
                match handle.try_cancel() {
                    Err(error) if error.status == Status::NotImplemented => {}
                    // It may be too early, or too late.
                    _ => {
                        is_able = true;
                        break;
                    }
                }
            }
            if !is_able {
                return;
            }
            thread::sleep(pause);
            pause = (2 * pause).min(LONGEST_PAUSE);
        }
    }
}

const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

struct EndOnDrop<'a>(&'a Watch);

impl Drop for EndOnDrop<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

struct CancelOnDrop(Arc<Watch>);

impl Drop for CancelOnDrop {
    /// Cancelling may connect to the server, so that it blocks like every other call.
    fn drop(&mut self) {
        let mut state = self.0.state();
        if state.has_ended {
            return;
        }
        state.is_cancelled = true;
        drop(state);
        let watch = Arc::clone(&self.0);
        let named = thread::Builder::new().name("adbc-cancel".to_owned());
        // Without a thread the work is left to end by itself.
        let _ = named.spawn(move || watch.cancel_until_ended());
    }
}
