//! Predicates on the data of an experiment.

/// A predicate; all filters of an experiment must hold. Values are compared as text, whole and literally.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Filter {
    /// Keeps units whose first exposure has one of the values.
    Exposure {
        /// Dimension of the exposure.
        dimension: String,
        /// The values that pass.
        values: Vec<String>,
    },
    /// Keeps events that have one of the values.
    Goal {
        /// Dimension of the event.
        dimension: String,
        /// The values that pass.
        values: Vec<String>,
    },
    /// Keeps units that have at least one attributed event of the goal.
    ///
    /// The event is looked for among all attributed events: filters of scope `goal` do not hide it.
    Trigger {
        /// Name of the goal.
        goal: String,
        /// Dimension of the event and the values that pass, where given.
        condition: Option<(String, Vec<String>)>,
    },
}
