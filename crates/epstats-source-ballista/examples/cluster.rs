//! A scheduler or an executor of a cluster on loopback, for the tests of this crate. It ends with whoever holds its standard input.
//!
//! ```text
//! cluster scheduler PORT
//! cluster executor SCHEDULER_PORT PORT GRPC_PORT WORK_FOLDER PAUSE_MS
//! ```
//!
//! An executor pauses before each task: tests of what happens in the middle of a query must meet the middle on any machine.

use std::error::Error;
use std::io::Read;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use ballista_core::JobId;
use ballista_executor::execution_engine::{
    DefaultExecutionEngine, ExecutionEngine, QueryStageExecutor,
};
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::start_server;
use datafusion::error::Result;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::prelude::SessionConfig;

/// How long an executor may be silent until its tasks are given to others; the default is three minutes.
const EXECUTOR_TIMEOUT_SECONDS: u64 = 20;

/// How often an executor says that it lives.
const HEARTBEAT_SECONDS: u64 = 5;

/// As much stack as Apache's own scheduler has: plans are deep.
const STACK_BYTES: usize = 32 << 20;

fn main() -> std::result::Result<(), Box<dyn Error>> {
    std::thread::spawn(|| {
        let _held = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build()?;
    runtime.block_on(run())
}

async fn run() -> std::result::Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["scheduler", port] => scheduler(port.parse()?).await,
        ["executor", scheduler, port, grpc_port, folder, pause] => {
            let pause = Duration::from_millis(pause.parse()?);
            executor(ExecutorProcessConfig {
                scheduler_port: scheduler.parse()?,
                port: port.parse()?,
                grpc_port: grpc_port.parse()?,
                work_dir: Some(folder.to_owned()),
                override_execution_engine: Some(Arc::new(Slow(pause))),
                ..ExecutorProcessConfig::default()
            })
            .await
        }
        _ => Err(
            "expected `scheduler PORT`, or `executor` with three ports, a folder and a pause"
                .into(),
        ),
    }
}

async fn scheduler(port: u16) -> std::result::Result<(), Box<dyn Error>> {
    let config = SchedulerConfig {
        external_host: "127.0.0.1".to_owned(),
        bind_port: port,
        executor_timeout_seconds: EXECUTOR_TIMEOUT_SECONDS,
        no_executors_grace_period_seconds: EXECUTOR_TIMEOUT_SECONDS,
        expire_dead_executor_interval_seconds: 1,
        ..SchedulerConfig::default()
    };
    let cluster = BallistaCluster::new_from_config(&config).await?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    Ok(start_server(cluster, address, Arc::new(config)).await?)
}

async fn executor(config: ExecutorProcessConfig) -> std::result::Result<(), Box<dyn Error>> {
    let config = ExecutorProcessConfig {
        scheduler_host: "127.0.0.1".to_owned(),
        external_host: Some("127.0.0.1".to_owned()),
        scheduler_connect_timeout_seconds: 30,
        vcores: 2,
        executor_heartbeat_interval_seconds: HEARTBEAT_SECONDS,
        memory_pool_size: Some(512 << 20),
        ..config
    };
    Ok(start_executor_process(Arc::new(config)).await?)
}

/// The usual engine, which pauses before each task.
struct Slow(Duration);

impl ExecutionEngine for Slow {
    fn create_query_stage_exec(
        &self,
        job_id: JobId,
        stage_id: usize,
        task_id: usize,
        global_output_partition_ids: Vec<usize>,
        plan: Arc<dyn ExecutionPlan>,
        work_dir: &str,
        config: &SessionConfig,
    ) -> Result<Arc<dyn QueryStageExecutor>> {
        std::thread::sleep(self.0);
        DefaultExecutionEngine::new().create_query_stage_exec(
            job_id,
            stage_id,
            task_id,
            global_output_partition_ids,
            plan,
            work_dir,
            config,
        )
    }
}
