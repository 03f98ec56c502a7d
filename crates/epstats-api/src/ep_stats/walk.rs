//! Walking the body of a request: values with their places, and what is wrong with them.

use epstats_experiment::Step;

use super::coerce::{integer, number};
use super::detail::{Detail, Details, Problem};
use super::json::{Field, Json};

/// A value and its place in the body. Paths are put together only where there is a problem to tell.
#[derive(Clone, Copy)]
pub(super) struct At<'j, 'p> {
    pub(super) json: &'j Json<'j>,
    from: Option<(&'p At<'j, 'p>, Part<'j>)>,
}

#[derive(Clone, Copy)]
enum Part<'j> {
    Field(&'j str),
    Index(usize),
}

impl<'j> At<'j, '_> {
    /// The whole body.
    pub(super) fn body(json: &'j Json<'j>) -> Self {
        At { json, from: None }
    }

    /// A field of this object, null among the values.
    pub(super) fn field<'s>(&'s self, name: &'j str) -> Option<At<'j, 's>> {
        Some(self.child(self.json.get(name)?, Part::Field(name)))
    }

    /// A field of this object that may be left out or null.
    pub(super) fn optional<'s>(&'s self, name: &'j str) -> Option<At<'j, 's>> {
        self.field(name).filter(|field| *field.json != Json::Null)
    }

    /// A field of this object that must be there.
    pub(super) fn required<'s>(
        &'s self,
        name: &'j str,
        details: &mut Details,
    ) -> Option<At<'j, 's>> {
        let field = self.field(name);
        if field.is_none() {
            let missing = self.child(self.json, Part::Field(name));
            details.push(|| missing.detail(Problem::Missing));
        }
        field
    }

    /// A field of this object that is not there, as if it were null.
    pub(super) fn absent<'s>(&'s self, name: &'j str) -> At<'j, 's> {
        self.child(&Json::Null, Part::Field(name))
    }

    /// Is it an object? Else that is its problem.
    pub(super) fn is_object(&self, details: &mut Details) -> bool {
        let is_object = matches!(self.json, Json::Object(_));
        if !is_object {
            self.refuse::<()>(Problem::ObjectType, details);
        }
        is_object
    }

    /// The fields of an object whose names are data.
    pub(super) fn dictionary(&self, details: &mut Details) -> Option<&'j [Field<'j>]> {
        match self.json {
            Json::Object(fields) => Some(fields),
            _ => self.refuse(Problem::DictType, details),
        }
    }

    pub(super) fn list(&self, details: &mut Details) -> Option<&'j [Json<'j>]> {
        match self.json {
            Json::List(list) => Some(list),
            _ => self.refuse(Problem::ListType, details),
        }
    }

    /// What `read` makes of each entry of a list; `None` where it is no list or any entry is wrong.
    pub(super) fn each<T>(
        &self,
        details: &mut Details,
        mut read: impl FnMut(&At<'j, '_>, usize, &mut Details) -> Option<T>,
    ) -> Option<Vec<T>> {
        let list = self.list(details)?;
        let mut read_all = Some(Vec::with_capacity(list.len()));
        for (index, json) in list.iter().enumerate() {
            let entry = read(&self.child(json, Part::Index(index)), index, details);
            match (entry, &mut read_all) {
                (Some(entry), Some(entries)) => entries.push(entry),
                _ => read_all = None,
            }
        }
        read_all
    }

    pub(super) fn text(&self, details: &mut Details) -> Option<&'j str> {
        match self.json {
            Json::Text(text) => Some(text),
            _ => self.refuse(Problem::StringType, details),
        }
    }

    /// The digits of an integer of any size.
    pub(super) fn integer(&self, details: &mut Details) -> Option<String> {
        match integer(self.json) {
            Ok(digits) => Some(digits),
            Err(problem) => self.refuse(problem, details),
        }
    }

    pub(super) fn number(&self, details: &mut Details) -> Option<f64> {
        match number(self.json) {
            Ok(number) => Some(number),
            Err(problem) => self.refuse(problem, details),
        }
    }

    /// The field of a dictionary with this name.
    pub(super) fn entry<'s>(&'s self, name: &'j str, json: &'j Json<'j>) -> At<'j, 's> {
        self.child(json, Part::Field(name))
    }

    /// Notes a problem of this value.
    pub(super) fn refuse<T>(&self, problem: Problem, details: &mut Details) -> Option<T> {
        details.push(|| self.detail(problem));
        None
    }

    fn detail(&self, problem: Problem) -> Detail {
        let mut loc = Vec::new();
        let mut at = self;
        while let Some((parent, part)) = at.from {
            loc.push(match part {
                Part::Field(name) => Step::Field(name.to_owned()),
                Part::Index(index) => Step::Index(index),
            });
            at = parent;
        }
        loc.push("body".into());
        loc.reverse();
        Detail::new(problem, loc, self.json)
    }

    fn child<'s>(&'s self, json: &'j Json<'j>, part: Part<'j>) -> At<'j, 's> {
        At {
            json,
            from: Some((self, part)),
        }
    }
}
