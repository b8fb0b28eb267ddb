//! Log lines and metrics of the process. Neither waits for whoever reads them: lines that do not
//! fit the buffer are dropped and counted.

use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use tracing::Subscriber;
use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::ParseError;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

/// Lines that may wait for the writer.
const BUFFERED_LINES: usize = 16_384;

/// Upper bounds of the duration histogram, in seconds: up to the request deadline.
const DURATION_BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object per line, for machines.
    Json,
    /// For people at a terminal.
    Readable,
}

/// Why logging or metrics could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The filter cannot be read.
    #[error("the log filter cannot be read: {0}")]
    Filter(#[from] ParseError),
    /// Something in this process logs already.
    #[error("logging has started already: {0}")]
    Logging(#[from] tracing_subscriber::util::TryInitError),
    /// Something in this process measures already.
    #[error("metrics cannot start: {0}")]
    Metrics(#[from] BuildError),
}

/// Logging and metrics of the process; the lines still waiting are written when it is dropped,
/// so `main` keeps it to the end.
#[derive(Debug)]
pub struct Telemetry {
    /// The figures, for `/metrics`.
    pub metrics: Metrics,
    _writer: WorkerGuard,
}

/// The figures of the process.
#[derive(Clone)]
pub struct Metrics {
    prometheus: PrometheusHandle,
    dropped_lines: Option<ErrorCounter>,
}

/// Starts logging to stdout and measuring; `filter` is a level or directives such as
/// `info,stagepunt=debug,access=off`.
///
/// # Errors
/// [`StartError`] for an unreadable filter, or when called twice.
pub fn start(format: LogFormat, filter: &str) -> Result<Telemetry, StartError> {
    let (writer, guard) = NonBlockingBuilder::default()
        .buffered_lines_limit(BUFFERED_LINES)
        .lossy(true)
        .thread_name("log-writer")
        .finish(std::io::stdout());
    let dropped_lines = Some(writer.error_counter());
    subscriber(format, filter, writer)?.try_init()?;
    log_panics();
    let recorder = recorder()?;
    let prometheus = recorder.handle();
    metrics::set_global_recorder(recorder).map_err(BuildError::FailedToSetGlobalRecorder)?;
    describe();
    Ok(Telemetry { metrics: Metrics { prometheus, dropped_lines }, _writer: guard })
}

/// Log lines into any writer.
///
/// # Errors
/// An unreadable filter.
pub fn subscriber<W>(
    format: LogFormat,
    filter: &str,
    writer: W,
) -> Result<Box<dyn Subscriber + Send + Sync>, ParseError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let lines = fmt().with_env_filter(EnvFilter::try_new(filter)?).with_writer(writer);
    Ok(match format {
        LogFormat::Json => {
            Box::new(lines.json().flatten_event(true).with_current_span(false).with_span_list(false).finish())
        }
        LogFormat::Readable => Box::new(lines.compact().finish()),
    })
}

/// Where measurements go.
///
/// # Errors
/// Never in practice: the buckets are fixed.
pub fn recorder() -> Result<PrometheusRecorder, BuildError> {
    Ok(PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &DURATION_BUCKETS)?
        .build_recorder())
}

impl Metrics {
    /// The figures as Prometheus reads them.
    #[must_use]
    pub fn render(&self) -> String {
        if let Some(dropped) = &self.dropped_lines {
            counter!("log_lines_dropped_total").absolute(dropped.dropped_lines() as u64);
        }
        self.prometheus.render()
    }

    /// Folds what was measured into its buckets; call every few seconds, or memory grows until
    /// somebody asks for the figures.
    pub fn fold(&self) {
        self.prometheus.run_upkeep();
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl From<&PrometheusRecorder> for Metrics {
    fn from(recorder: &PrometheusRecorder) -> Self {
        Self { prometheus: recorder.handle(), dropped_lines: None }
    }
}

fn describe() {
    describe_counter!("http_requests_total", "Requests answered, by method, route template and status.");
    describe_histogram!("http_request_duration_seconds", Unit::Seconds, "Time to the head of the response.");
    describe_gauge!("http_requests_in_flight", "Requests being served.");
    describe_counter!("mails_sent_total", "Mails that the mail server took from this process.");
    describe_counter!("mails_failed_total", "Mails that this process gave up, by the code of the last failure.");
    describe_gauge!("mails_waiting", "Mails that wait to be sent, of all processes together.");
    describe_counter!("log_lines_dropped_total", "Log lines dropped because their reader was too slow.");
}

/// A panic becomes a log line with its place, not its message, which may hold anything.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        tracing::error!(place, "a thread panicked");
    }));
}

#[cfg(test)]
mod tests {
    use super::{LogFormat, Metrics, recorder, subscriber};

    #[test]
    fn an_unreadable_filter_is_told() {
        assert!(subscriber(LogFormat::Json, "info,stagepunt=debug", std::io::sink).is_ok());
        assert!(subscriber(LogFormat::Json, "stagepunt=loud", std::io::sink).is_err());
    }

    #[test]
    fn durations_come_in_buckets() {
        let recorder = recorder().unwrap();
        metrics::with_local_recorder(&recorder, || {
            metrics::histogram!("http_request_duration_seconds", "route" => "/v1/me").record(0.003);
        });
        let figures = Metrics::from(&recorder).render();
        assert!(figures.contains("http_request_duration_seconds_bucket{route=\"/v1/me\",le=\"0.005\"} 1"), "{figures}");
    }
}
