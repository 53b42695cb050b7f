//! What a partner may decide, because the documentation leaves it open.

#[derive(Clone, Copy, Debug)]
pub(in crate::check) struct Rulings {
    pub(in crate::check) name: &'static str,
    /// Errors have HTTP 200; only the body tells.
    pub(super) errors_as_200: bool,
    /// A cancel after an SMS is refused; otherwise it refunds nothing.
    pub(super) sold_stays_sold: bool,
    /// A second cancel is refused; otherwise it is answered like the first.
    pub(super) cancels_once: bool,
    /// A cancelled rental can no longer be read.
    pub(super) forgets_cancelled: bool,
    /// `us` is accepted for `US`.
    pub(super) takes_lower_case: bool,
    /// A filter for an unlisted country is refused; otherwise the list is empty.
    pub(super) refuses_unlisted_filter: bool,
    pub(super) reads_json: bool,
    pub(super) reads_forms: bool,
    /// The listing says "plenty" instead of a number.
    pub(super) stock_is_rough: bool,
    /// Prices are whole dollars, `1`; otherwise `0.5`.
    pub(super) whole_prices: bool,
    /// Times end in `+00:00`; otherwise in `Z`.
    pub(super) times_with_offset: bool,
    /// Replies have extra fields.
    pub(super) says_more: bool,
}

/// The most careful choices; the defects are planted in this one.
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
    /// Partners with very different choices, all of them right.
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
