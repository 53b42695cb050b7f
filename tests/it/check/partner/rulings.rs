//! What a partner may decide for itself, since the documentation says nothing of it.

/// How a partner has decided.
#[derive(Clone, Copy, Debug)]
pub(in crate::check) struct Rulings {
    pub(in crate::check) name: &'static str,
    /// Errors come under HTTP 200 and say so in the body only.
    pub(super) errors_as_200: bool,
    /// A cancel after an SMS is refused; else nothing is paid back.
    pub(super) sold_stays_sold: bool,
    /// A second cancel is refused; else it is answered as the first.
    pub(super) cancels_once: bool,
    /// What was cancelled cannot be read any more.
    pub(super) forgets_cancelled: bool,
    /// `us` will do for `US`.
    pub(super) takes_lower_case: bool,
    /// A filter for a country that is not offered is refused; else the list is empty.
    pub(super) refuses_unlisted_filter: bool,
    pub(super) reads_json: bool,
    pub(super) reads_forms: bool,
    /// The listing says "plenty" rather than how many.
    pub(super) stock_is_rough: bool,
    /// Prices in whole dollars, `1`; else `0.5`.
    pub(super) whole_prices: bool,
    /// Times end in `+00:00`; else in `Z`.
    pub(super) times_with_offset: bool,
    /// Replies have fields of its own.
    pub(super) says_more: bool,
}

/// Careful in everything that is open: what the defects are planted in.
pub(in crate::check) const OPEN: Rulings = Rulings {
    name: "open",
    errors_as_200: false,
    sold_stays_sold: false,
    cancels_once: false,
    forgets_cancelled: false,
    takes_lower_case: true,
    refuses_unlisted_filter: false,
    reads_json: true,
    reads_forms: true,
    stock_is_rough: false,
    whole_prices: false,
    times_with_offset: false,
    says_more: false,
};

impl Rulings {
    /// Partners that have decided very differently, and all rightly.
    pub(in crate::check) const ALL: [Self; 5] = [
        OPEN,
        Self {
            name: "stern",
            sold_stays_sold: true,
            cancels_once: true,
            forgets_cancelled: true,
            takes_lower_case: false,
            refuses_unlisted_filter: true,
            ..OPEN
        },
        Self { name: "always 200", errors_as_200: true, cancels_once: true, ..OPEN },
        Self {
            name: "JSON only",
            reads_forms: false,
            stock_is_rough: true,
            whole_prices: true,
            says_more: true,
            ..OPEN
        },
        Self {
            name: "forms only",
            reads_json: false,
            times_with_offset: true,
            sold_stays_sold: true,
            ..OPEN
        },
    ];
}
