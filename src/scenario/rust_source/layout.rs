//! Lays Rust expressions out as rustfmt does, so that the output needs no formatting.

/// The width of a page.
const PAGE: usize = 100;
/// The widest list of arguments, list or chain of calls on one line.
const LINE: usize = 60;
/// The widest item of a list that shares its line with others.
const SHORT_ITEM: usize = 10;

/// A Rust expression.
#[derive(Clone, Debug)]
pub(super) enum Expression {
    /// What is never broken.
    Text(String),
    Call(String, Vec<Expression>),
    List(Vec<Expression>),
    Tuple(Vec<Expression>),
    /// Method calls, one after the other.
    Chain(Box<Expression>, Vec<Expression>),
}

impl Expression {
    pub(super) fn text(text: impl ToString) -> Self {
        Self::Text(text.to_string())
    }

    pub(super) fn string(text: &str) -> Self {
        Self::Text(format!("{text:?}"))
    }

    pub(super) fn call(name: &str, arguments: impl Into<Vec<Self>>) -> Self {
        Self::Call(name.to_owned(), arguments.into())
    }

    /// Calls a method of it.
    pub(super) fn method(self, name: &str, arguments: impl Into<Vec<Self>>) -> Self {
        let method = Self::Call(format!(".{name}"), arguments.into());
        match self {
            Self::Chain(first, mut methods) => {
                methods.push(method);
                Self::Chain(first, methods)
            }
            first => Self::Chain(Box::new(first), vec![method]),
        }
    }

    /// Calls a method of it if there is something to say.
    pub(super) fn method_if(self, applies: bool, name: &str) -> Self {
        if applies { self.method(name, []) } else { self }
    }

    /// Its lines in a block that is indented by `indent`.
    pub(super) fn lay_out(&self, indent: usize) -> String {
        self.at(Place { indent, column: indent, tail: 0 })
    }

    /// Whether it stays beside the parenthesis, as the sole argument, though its text has several
    /// lines. A chain does if only the list in its last call has.
    fn stays_beside(&self, text: &str, indent: usize) -> bool {
        let is_broken = || [0, 4].iter().any(|more| text.contains(&chain_line(indent + more)));
        match self {
            Self::Text(_) => false,
            Self::Call(..) | Self::List(_) | Self::Tuple(_) => true,
            Self::Chain(_, methods) => match methods.last() {
                Some(Self::Call(_, arguments)) => {
                    matches!(arguments[..], [Self::List(_)]) && !is_broken()
                }
                _ => false,
            },
        }
    }

    fn at(&self, place: Place) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Call(name, arguments) => items(name, ["(", ")"], arguments, place),
            Self::Tuple(parts) => items("", ["(", ")"], parts, place),
            Self::List(parts) => items("", ["[", "]"], parts, place),
            Self::Chain(first, methods) => chain(first, methods, place),
        }
    }
}

/// Where an expression stands.
#[derive(Clone, Copy)]
struct Place {
    /// Of its block.
    indent: usize,
    column: usize,
    /// What follows on its last line.
    tail: usize,
}

impl Place {
    fn room(self) -> usize {
        PAGE.saturating_sub(self.column + self.tail)
    }

    fn after(self, width: usize, tail: usize) -> Self {
        Self { column: self.column + width, tail, ..self }
    }

    /// A line of its own, one level deeper.
    fn inside(self, tail: usize) -> Self {
        let indent = self.indent + 4;
        Self { indent, column: indent, tail }
    }
}

fn items(name: &str, [open, close]: [&str; 2], items: &[Expression], place: Place) -> String {
    let head = format!("{name}{open}");
    let inline = place.after(width(&head), place.tail + 1);
    let texts: Vec<String> = items.iter().map(|item| item.at(inline)).collect();
    let one_line = texts.join(", ");
    // A sole argument may fill the line.
    let most = if items.len() == 1 && open == "(" { PAGE } else { LINE };
    let fits = width(&one_line) <= most.min(inline.room());
    if !one_line.contains('\n') && fits || items.is_empty() {
        return format!("{head}{one_line}{close}");
    }
    if let ([only], "(", false) = (items, open, name.is_empty()) {
        let text = only.at(inline);
        if text.contains('\n') && only.stays_beside(&text, place.indent) {
            return format!("{head}{text}{close}");
        }
    }
    let inside = place.inside(1);
    let texts: Vec<String> = items.iter().map(|item| item.at(inside)).collect();
    let margin = " ".repeat(inside.indent);
    let is_filled = open == "[" && texts.iter().all(|text| width(text) <= SHORT_ITEM);
    let lines = if is_filled { filled(&texts, PAGE - inside.indent) } else { texts };
    let lines: String = lines.iter().map(|line| format!("{margin}{line},\n")).collect();
    format!("{head}\n{lines}{}{close}", " ".repeat(place.indent))
}

/// Short items, as many on a line as fit.
fn filled(items: &[String], room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for item in items {
        match lines.last_mut() {
            Some(line) if width(line) + width(item) + 3 <= room => {
                line.push_str(", ");
                line.push_str(item);
            }
            _ => lines.push(item.clone()),
        }
    }
    lines
}

fn chain(first: &Expression, methods: &[Expression], place: Place) -> String {
    let first = first.at(place.after(0, 0));
    // Below an expression of several lines, the calls are not indented.
    let inside = |tail| match first.contains('\n') {
        true => Place { column: place.indent, tail, ..place },
        false => place.inside(tail),
    };
    let Some((last, before)) = methods.split_last() else { return first };
    let mut parts = vec![first.clone()];
    parts.extend(before.iter().map(|method| method.at(inside(0))));
    let used: usize = parts.iter().map(|part| width(part)).sum();
    let most = if before.is_empty() { place.room() } else { place.room().min(LINE) };
    let own_line = last.at(inside(place.tail));
    if parts.iter().all(|part| !part.contains('\n')) && used < most {
        let same_line = last.at(place.after(used, place.tail));
        let first_line = same_line.lines().next().map_or(0, width);
        let lines = same_line.lines().count();
        // The last call may go on below, if that makes nothing longer.
        if used + first_line <= most && (lines >= 5 || own_line.lines().count() >= lines) {
            return parts.concat() + &same_line;
        }
    }
    parts.push(own_line);
    let margin = chain_line(inside(0).indent);
    parts.join(margin.trim_end_matches('.'))
}

/// How the line of a call in a chain begins.
fn chain_line(indent: usize) -> String {
    format!("\n{}.", " ".repeat(indent))
}

/// In columns: characters of East Asia and most pictures take two.
fn width(text: &str) -> usize {
    let is_wide = |c: char| {
        matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
            | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{1faff}')
    };
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}
