//! Columns of texts, each distinct text once.

use std::sync::Arc;

use rustc_hash::FxHashMap;

/// The code of NULL.
pub(crate) const NULL: u32 = u32::MAX;

/// A column of texts: for each row the place of its text among the distinct ones, or [`NULL`].
pub(crate) struct Texts {
    pub(crate) codes: Vec<u32>,
    pub(crate) values: Vec<Arc<str>>,
}

impl Texts {
    /// The text of a row.
    pub(crate) fn get(&self, row: usize) -> Option<&Arc<str>> {
        self.values.get(self.codes[row] as usize)
    }

    /// For each code whether the text passes.
    pub(crate) fn matching(&self, mut passes: impl FnMut(&str) -> bool) -> Vec<bool> {
        self.values.iter().map(|text| passes(text)).collect()
    }

    /// The code of a text that is in the column.
    pub(crate) fn code_of(&self, text: &str) -> Option<u32> {
        let place = self.values.iter().position(|value| **value == *text)?;
        u32::try_from(place).ok()
    }
}

/// Makes [`Texts`] row by row.
pub(crate) struct Coder {
    codes: Vec<u32>,
    values: Vec<Arc<str>>,
    places: FxHashMap<Arc<str>, u32>,
    last: u32,
}

/// Below so many distinct texts the text of a row is looked for among the last ones first.
const FEW: usize = 16;

impl Coder {
    pub(crate) fn with_capacity(n_rows: usize) -> Self {
        Coder {
            codes: Vec::with_capacity(n_rows),
            values: Vec::new(),
            places: FxHashMap::default(),
            last: NULL,
        }
    }

    /// The code of a text, which is new where it was not met before.
    pub(crate) fn code(&mut self, text: &str) -> u32 {
        if let Some(last) = self.values.get(self.last as usize)
            && **last == *text
        {
            return self.last;
        }
        self.last = if self.values.len() <= FEW
            && let Some(place) = self.values.iter().position(|value| **value == *text)
        {
            place as u32
        } else if let Some(&code) = self.places.get(text) {
            code
        } else {
            let code = self.values.len() as u32;
            let text: Arc<str> = text.into();
            self.values.push(Arc::clone(&text));
            self.places.insert(text, code);
            code
        };
        self.last
    }

    pub(crate) fn push(&mut self, text: Option<&str>) {
        let code = text.map_or(NULL, |text| self.code(text));
        self.codes.push(code);
    }

    pub(crate) fn push_code(&mut self, code: u32) {
        self.codes.push(code);
    }

    pub(crate) fn finish(self) -> Texts {
        Texts {
            codes: self.codes,
            values: self.values,
        }
    }
}

/// A number as the text that people write: `1` for 1.0.
pub(crate) fn text_of(number: f64) -> String {
    const MOST: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= MOST {
        #[allow(
            clippy::cast_possible_truncation,
            reason = "it is whole and within 2⁵³"
        )]
        let whole = number as i64;
        whole.to_string()
    } else {
        number.to_string()
    }
}
