//! The stable words for what can be wrong with a definition.

use std::fmt;

/// The kind of a problem, as a stable word that programs may rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// The document is not YAML or JSON.
    UnreadableDefinition,
    /// The document is longer or nested deeper than is read.
    DefinitionTooLarge,
    /// A field that a definition does not have.
    UnknownField,
    /// A field that must be there is not.
    MissingField,
    /// A field is given more than once.
    DuplicateField,
    /// A value of another type than its field has.
    WrongType,
    /// A text or a list that must not be empty is.
    EmptyValue,
    /// A text that is none of the choices of its field.
    UnknownChoice,
    /// A number outside the range of its field.
    OutOfRange,
    /// A text that is no date.
    InvalidDate,
    /// A text that is no length of time.
    InvalidDuration,
    /// A text that is no amount of memory.
    InvalidSize,
    /// A time zone that is not known.
    UnknownTimeZone,
    /// An environment variable that a value names is not set.
    UnsetVariable,
    /// A field that has no effect beside the others.
    UnusedField,
    /// Something that this version does not do.
    NotSupported,
    /// The control is not among the variants.
    UnknownControl,
    /// A variant that is not among the variants.
    UnknownVariant,
    /// The control is the only variant.
    NoTreatment,
    /// A variant is listed more than once.
    DuplicateVariant,
    /// Two metrics or two checks have the same id.
    DuplicateId,
    /// A date lies before one that it must follow.
    DatesOutOfOrder,
    /// The designed allocation leaves out a variant, or its weights cannot be shares.
    InvalidAllocation,
    /// Fields that exclude each other.
    ConflictingFields,
    /// Something that the profile of inference does not have.
    NotInProfile,
    /// A lower limit that is not below the upper one.
    LimitsOutOfOrder,
    /// A capped numerator that divides by a goal.
    CappedQuotient,
    /// Something that a metric of a quantile cannot have.
    NotForQuantiles,
    /// A covariate that is a part of its own metric.
    CovariateOfItself,
    /// A guardrail without a limit that must hold.
    GuardrailWithoutMargin,
    /// A problem inside a formula.
    Formula(epstats_formula::Code),
}

impl Code {
    /// Every code but those of formulas, which [`epstats_formula::Code::ALL`] lists.
    pub const ALL: &'static [Code] = &[
        Code::UnreadableDefinition,
        Code::DefinitionTooLarge,
        Code::UnknownField,
        Code::MissingField,
        Code::DuplicateField,
        Code::WrongType,
        Code::EmptyValue,
        Code::UnknownChoice,
        Code::OutOfRange,
        Code::InvalidDate,
        Code::InvalidDuration,
        Code::InvalidSize,
        Code::UnknownTimeZone,
        Code::UnsetVariable,
        Code::UnusedField,
        Code::NotSupported,
        Code::UnknownControl,
        Code::UnknownVariant,
        Code::NoTreatment,
        Code::DuplicateVariant,
        Code::DuplicateId,
        Code::DatesOutOfOrder,
        Code::InvalidAllocation,
        Code::ConflictingFields,
        Code::NotInProfile,
        Code::LimitsOutOfOrder,
        Code::CappedQuotient,
        Code::NotForQuantiles,
        Code::CovariateOfItself,
        Code::GuardrailWithoutMargin,
    ];

    /// The word: `unknown-field`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Code::UnreadableDefinition => "unreadable-definition",
            Code::DefinitionTooLarge => "definition-too-large",
            Code::UnknownField => "unknown-field",
            Code::MissingField => "missing-field",
            Code::DuplicateField => "duplicate-field",
            Code::WrongType => "wrong-type",
            Code::EmptyValue => "empty-value",
            Code::UnknownChoice => "unknown-choice",
            Code::OutOfRange => "out-of-range",
            Code::InvalidDate => "invalid-date",
            Code::InvalidDuration => "invalid-duration",
            Code::InvalidSize => "invalid-size",
            Code::UnknownTimeZone => "unknown-time-zone",
            Code::UnsetVariable => "unset-variable",
            Code::UnusedField => "unused-field",
            Code::NotSupported => "not-supported",
            Code::UnknownControl => "unknown-control",
            Code::UnknownVariant => "unknown-variant",
            Code::NoTreatment => "no-treatment",
            Code::DuplicateVariant => "duplicate-variant",
            Code::DuplicateId => "duplicate-id",
            Code::DatesOutOfOrder => "dates-out-of-order",
            Code::InvalidAllocation => "invalid-allocation",
            Code::ConflictingFields => "conflicting-fields",
            Code::NotInProfile => "not-in-profile",
            Code::LimitsOutOfOrder => "limits-out-of-order",
            Code::CappedQuotient => "capped-quotient",
            Code::NotForQuantiles => "not-for-quantiles",
            Code::CovariateOfItself => "covariate-of-itself",
            Code::GuardrailWithoutMargin => "guardrail-without-margin",
            Code::Formula(code) => code.as_str(),
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
