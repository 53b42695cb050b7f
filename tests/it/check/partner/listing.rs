//! getNumbers.

use super::book::{Book, Line};
use super::defect::Defect::*;
use super::params::Params;
use super::reply::{Reply, quoted};
use super::service::{Service, dollars};

impl Service {
    pub(super) fn get_numbers(&self, params: &Params) -> Result<Reply, Reply> {
        let state = self.state();
        if state.is_broken {
            return Err(Reply::error(500, 99, "out of order"));
        }
        let lines = &state.book.lines;
        let wanted = match params.text("country") {
            _ if self.has(FilterIgnored) => None,
            Some(code) => match self.line(&state.book, code) {
                _ if self.has(FilterFindsNothing) => Some(usize::MAX),
                Some(_) if self.has(FilterShowsTheFirst) => Some(0),
                None if self.has(UnknownFilterShowsAll) => None,
                None if self.rulings.refuses_unlisted_filter => {
                    return Err(Reply::error(404, 4, "we are not in that country"));
                }
                found => Some(found.unwrap_or(usize::MAX)),
            },
            None => None,
        };
        let shown = lines.iter().enumerate().filter(|(at, _)| wanted.is_none_or(|one| one == *at));
        let mut shown: Vec<String> = shown.map(|(_, line)| self.listed(line)).collect();
        if self.has(CountryTwice) && wanted.is_none() {
            shown.push(shown[0].clone());
        }
        let list = shown.join(",\n    ");
        Ok(match self.defect {
            Some(NumbersIsAnObject) => Reply::success(r#""numbers": {"count": 3}"#),
            Some(NumbersIsMissing) => Reply::success(r#""count": 3"#),
            Some(ListingSaysOk) => {
                let reply = Reply::success(&format!("\"numbers\": [\n    {list}]"));
                Reply { body: reply.body.replace("\"success\"", "\"ok\""), ..reply }
            }
            _ => Reply::success(&format!("\"numbers\": [\n    {list}]")),
        })
    }

    pub(super) fn listed(&self, line: &Line) -> String {
        let stock = if self.rulings.stock_is_rough { 1_000 } else { line.stock };
        let available = match self.defect {
            Some(AvailableIsText) => format!("\"{stock}\""),
            Some(AvailableIsAFraction) => format!("{stock}.5"),
            Some(AvailableIsNegative) if line.code == "GB" => "-1".into(),
            Some(AvailableIsMissing) => "null".into(),
            _ => stock.to_string(),
        };
        let price = match self.defect {
            Some(PriceIsText) => format!("\"{}\"", dollars(line.cents)),
            Some(PriceHasACurrency) => format!("\"${}\"", dollars(line.cents)),
            Some(PriceIsNull) => "null".into(),
            Some(PriceIsNegative) => "-0.5".into(),
            _ => dollars(line.cents),
        };
        let name = match self.defect {
            Some(NameIsMissing) => String::new(),
            Some(NameIsEmpty) => r#""country_name": "", "#.into(),
            _ => format!("\"country_name\": {}, ", quoted(line.name)),
        };
        let code = quoted(&self.shown_code(line.code));
        format!(
            r#"{{"price_per_sms": {price}, "available": {available}, {name}"country": {code}}}"#
        )
    }

    /// The code of a country as this partner writes it.
    pub(super) fn shown_code(&self, code: &str) -> String {
        match (self.defect, code) {
            (Some(CountryHasThreeLetters), "DE") => "DEU".into(),
            (Some(CountryHasThreeLetters), "US") => "USA".into(),
            (Some(CountryHasThreeLetters), _) => "GBR".into(),
            (Some(CountryIsAName), "GB") => "Great Britain".into(),
            (Some(GreatBritainIsUk), "GB") => "UK".into(),
            (Some(CountryIsInLowerCase), _) => code.to_lowercase(),
            _ => code.to_owned(),
        }
    }

    pub(super) fn line(&self, book: &Book, code: &str) -> Option<usize> {
        book.lines.iter().position(|line| {
            let shown = self.shown_code(line.code);
            shown == code || (self.rulings.takes_lower_case && shown.eq_ignore_ascii_case(code))
        })
    }
}
