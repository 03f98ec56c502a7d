//! Tokens of statements, as the database of a dialect reads them.

use epstats_plan::Dialect;
use sqlparser::dialect as parsers;
use sqlparser::tokenizer::{Token as Raw, Tokenizer};

/// A token: a quoted name, a text, or anything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    Name(String),
    Text(String),
    Other(String),
}

impl Token {
    /// The token in which a name and a text stand where others did.
    pub(crate) fn with(&self, name: &str, new_name: &str, text: &str, new_text: &str) -> Token {
        match self {
            Token::Name(plain) => {
                Token::Name(plain.replace(name, new_name).replace(text, new_text))
            }
            Token::Text(plain) => Token::Text(plain.replace(text, new_text)),
            Token::Other(plain) => Token::Other(plain.clone()),
        }
    }

    /// Does it hold a NUL? Names may: no column of the database is called so.
    pub(crate) fn has_nul(&self) -> bool {
        matches!(self, Token::Text(text) | Token::Other(text) if text.contains('\0'))
    }
}

/// The tokens of a statement without blanks and comments. A text that is put together from parts is one.
pub(crate) fn tokens(dialect: Dialect, statement: &str) -> Vec<Token> {
    let tokenizer = Tokenizer::new(lexer(dialect), statement).with_unescape(false);
    let mut tokenizer = tokenizer;
    let raw = tokenizer
        .tokenize()
        .unwrap_or_else(|error| panic!("{dialect}: {error}\n{statement}"));
    let mut tokens = Vec::new();
    for token in raw {
        match token {
            Raw::Whitespace(_) => {}
            Raw::Word(word) => match word.quote_style {
                Some(quote) => tokens.push(Token::Name(name(dialect, &word.value, quote))),
                None => tokens.push(Token::Other(word.value)),
            },
            Raw::SingleQuotedString(text) | Raw::NationalStringLiteral(text) => {
                tokens.push(Token::Text(text_of(dialect, &text)));
            }
            Raw::EscapedStringLiteral(text) => tokens.push(Token::Text(text)),
            Raw::UnicodeStringLiteral(text) => {
                tokens.push(Token::Text(doubled(&text, '\'')));
            }
            Raw::HexStringLiteral(text) => {
                // The character set before it belongs to it.
                assert_eq!(tokens.pop(), Some(Token::Other("_utf8mb4".to_owned())));
                tokens.push(Token::Text(bytes(&text)));
            }
            other => tokens.push(Token::Other(other.to_string())),
        }
    }
    joined(&tokens)
}

fn lexer(dialect: Dialect) -> &'static dyn parsers::Dialect {
    match dialect {
        Dialect::DataFusion | Dialect::Trino => &parsers::GenericDialect {},
        Dialect::Postgres => &parsers::PostgreSqlDialect {},
        Dialect::DuckDb => &parsers::DuckDbDialect {},
        Dialect::Sqlite => &parsers::SQLiteDialect {},
        Dialect::ClickHouse => &parsers::ClickHouseDialect {},
        Dialect::Spark | Dialect::Databricks => &parsers::SparkSqlDialect {},
        Dialect::Snowflake => &parsers::SnowflakeDialect,
        Dialect::BigQuery => &parsers::BigQueryDialect {},
        Dialect::Redshift => &parsers::RedshiftSqlDialect {},
        Dialect::SqlServer => &parsers::MsSqlDialect {},
        Dialect::MySql => &parsers::MySqlDialect {},
    }
}

/// What a quoted name says.
fn name(dialect: Dialect, quoted: &str, quote: char) -> String {
    match dialect {
        Dialect::ClickHouse => escapes(&doubled(quoted, '"')),
        Dialect::BigQuery => escapes(quoted),
        Dialect::SqlServer => doubled(quoted, ']'),
        _ => doubled(quoted, quote),
    }
}

/// What a text in plain quotes says.
fn text_of(dialect: Dialect, quoted: &str) -> String {
    match dialect {
        Dialect::ClickHouse | Dialect::Snowflake => escapes(&doubled(quoted, '\'')),
        Dialect::Spark | Dialect::Databricks | Dialect::BigQuery => escapes(quoted),
        _ => doubled(quoted, '\''),
    }
}

fn doubled(text: &str, quote: char) -> String {
    text.replace(&quote.to_string().repeat(2), &quote.to_string())
}

/// Backslashes escape: `\\`, `\n`, `\r`, `\0`, `\x27`.
fn escapes(text: &str) -> String {
    let mut read = String::new();
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            read.push(character);
            continue;
        }
        let escape = rest.next().unwrap();
        if escape == 'x' {
            let digits: String = rest.by_ref().take(2).collect();
            read.push(char::from_u32(u32::from_str_radix(&digits, 16).unwrap()).unwrap());
            continue;
        }
        read.push(match escape {
            'n' => '\n',
            'r' => '\r',
            '0' => '\0',
            '\\' => '\\',
            other => panic!("unknown escape `\\{other}` in `{text}`"),
        });
    }
    read
}

fn bytes(digits: &str) -> String {
    let bytes = digits.as_bytes().chunks(2);
    let bytes = bytes.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap());
    String::from_utf8(bytes.collect()).unwrap()
}

/// Texts and single characters in parentheses, with signs of concatenation between, as one text.
fn joined(tokens: &[Token]) -> Vec<Token> {
    let mut all = Vec::new();
    let mut rest = tokens;
    while let Some((first, after)) = rest.split_first() {
        if let Some((text, end)) = concatenation(rest) {
            all.push(Token::Text(text));
            rest = end;
        } else {
            all.push(first.clone());
            rest = after;
        }
    }
    all
}

fn concatenation(tokens: &[Token]) -> Option<(String, &[Token])> {
    let mut rest = sign(tokens, "(")?;
    let mut text = String::new();
    let mut n_parts = 0;
    loop {
        let (part, after) = part(rest)?;
        text += &part;
        n_parts += 1;
        if let Some(end) = sign(after, ")") {
            return (n_parts > 1).then_some((text, end));
        }
        rest = sign(after, "||").or_else(|| sign(after, "+"))?;
    }
}

fn part(tokens: &[Token]) -> Option<(String, &[Token])> {
    match tokens.split_first()? {
        (Token::Text(text), rest) => Some((text.clone(), rest)),
        (Token::Other(function), rest)
            if ["chr", "char", "nchar"].contains(&function.to_lowercase().as_str()) =>
        {
            let (code, rest) = sign(rest, "(")?.split_first()?;
            let Token::Other(code) = code else {
                return None;
            };
            let character = char::from_u32(code.parse().ok()?)?;
            Some((character.to_string(), sign(rest, ")")?))
        }
        _ => None,
    }
}

fn sign<'t>(tokens: &'t [Token], wanted: &str) -> Option<&'t [Token]> {
    match tokens.split_first()? {
        (Token::Other(found), rest) if found == wanted => Some(rest),
        _ => None,
    }
}

/// The pattern that `LIKE` or its like reads, with `%` for anything and without the signs before what is meant literally.
pub(crate) fn without_escapes(dialect: Dialect, pattern: &str) -> String {
    if dialect == Dialect::Sqlite {
        let mut read = String::new();
        let mut rest = pattern.chars();
        while let Some(character) = rest.next() {
            match character {
                '[' => {
                    read.extend(rest.next());
                    assert_eq!(rest.next(), Some(']'));
                }
                other => read.push(other),
            }
        }
        return read;
    }
    let sign = match dialect {
        Dialect::DataFusion | Dialect::ClickHouse | Dialect::BigQuery => '\\',
        _ => '!',
    };
    let mut read = String::new();
    let mut rest = pattern.chars();
    while let Some(character) = rest.next() {
        if character == sign {
            read.extend(rest.next());
        } else {
            read.push(character);
        }
    }
    read
}
