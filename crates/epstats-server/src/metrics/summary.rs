//! Summaries without quantiles, as the Python client of Prometheus has them: a sum and a count.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use prometheus::core::{Collector, Desc};
use prometheus::proto::{LabelPair, Metric, MetricFamily, MetricType, Summary};

/// A summary for each combination of labels.
#[derive(Clone)]
pub(super) struct SummaryVec {
    desc: Desc,
    labels: Vec<String>,
    observed: Arc<Mutex<BTreeMap<Vec<String>, Observed>>>,
}

#[derive(Clone, Copy, Default)]
struct Observed {
    count: u64,
    sum: f64,
}

impl SummaryVec {
    pub(super) fn new(name: &str, help: &str, labels: &[&str]) -> prometheus::Result<Self> {
        let labels: Vec<String> = labels.iter().map(|&label| label.to_owned()).collect();
        let desc = Desc::new(
            name.to_owned(),
            help.to_owned(),
            labels.clone(),
            std::collections::HashMap::new(),
        )?;
        Ok(SummaryVec {
            desc,
            labels,
            observed: Arc::default(),
        })
    }

    pub(super) fn observe(&self, values: &[&str], amount: f64) {
        let values = values.iter().map(|&value| value.to_owned()).collect();
        let mut observed = self.observed.lock().unwrap_or_else(PoisonError::into_inner);
        let observed = observed.entry(values).or_default();
        observed.count += 1;
        observed.sum += amount;
    }

    fn metric(&self, values: &[String], observed: Observed) -> Metric {
        let pairs = self.labels.iter().zip(values);
        let label = |(name, value): (&String, &String)| {
            let mut pair = LabelPair::default();
            pair.set_name(name.clone());
            pair.set_value(value.clone());
            pair
        };
        let mut summary = Summary::default();
        summary.set_sample_count(observed.count);
        summary.set_sample_sum(observed.sum);
        let mut metric = Metric::from_label(pairs.map(label).collect());
        metric.set_summary(summary);
        metric
    }
}

impl Collector for SummaryVec {
    fn desc(&self) -> Vec<&Desc> {
        vec![&self.desc]
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let observed = self.observed.lock().unwrap_or_else(PoisonError::into_inner);
        let metrics = observed
            .iter()
            .map(|(values, &observed)| self.metric(values, observed));
        let mut family = MetricFamily::default();
        family.set_name(self.desc.fq_name.clone());
        family.set_help(self.desc.help.clone());
        family.set_field_type(MetricType::SUMMARY);
        family.set_metric(metrics.collect());
        vec![family]
    }
}
