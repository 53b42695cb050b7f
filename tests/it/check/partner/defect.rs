//! What real partners get wrong, one thing each.

/// Declares the defects: what is wrong, and the cases that may find it.
macro_rules! defects {
    ($($name:ident: $what:literal => $fitting:expr,)*) => {
        /// One thing that is wrong with an otherwise right server.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(in crate::check) enum Defect {
            $(#[doc = $what] $name,)*
        }

        impl Defect {
            pub(in crate::check) const ALL: &'static [Self] = &[$(Self::$name,)*];

            pub(in crate::check) const fn what(self) -> &'static str {
                match self {
                    $(Self::$name => $what,)*
                }
            }

            /// At least one of these cases must find it, and no other may.
            pub(in crate::check) const fn fitting(self) -> &'static [&'static str] {
                match self {
                    $(Self::$name => &$fitting,)*
                }
            }
        }
    };
}

defects! {
    // Auth
    ListingAsksNoKey: "getNumbers asks for no key"
        => ["listing-needs-a-key", "listing-refuses-a-key-list", "listing-refuses-a-wrong-key"],
    RentAsksNoKey: "rentNumber asks for no key"
        => ["rent-ignores-a-key-in-the-query", "rent-needs-a-key", "rent-refuses-a-key-of-another-type", "rent-refuses-a-wrong-key"],
    ReadAsksNoKey: "getSMS asks for no key"
        => ["read-needs-a-key", "read-refuses-a-wrong-key"],
    CancelAsksNoKey: "cancelNumber asks for no key"
        => ["cancel-needs-a-key", "cancel-refuses-a-key-of-another-type", "cancel-refuses-a-wrong-key"],
    NoKeyIsAnyKey: "a missing key is the first account's"
        => ["cancel-needs-a-key", "listing-needs-a-key", "listing-refuses-a-key-list", "read-needs-a-key", "rent-ignores-a-key-in-the-query", "rent-needs-a-key"],
    EmptyKeyIsAnyKey: "an empty key is the first account's"
        => ["cancel-needs-a-key", "listing-needs-a-key", "read-needs-a-key", "rent-needs-a-key"],
    KeyComparedByItsStart: "the beginning of a key is that key"
        => ["cancel-refuses-a-wrong-key", "listing-refuses-a-wrong-key", "read-refuses-a-wrong-key", "rent-refuses-a-wrong-key"],
    KeyMayGoOn: "a key with something appended is that key"
        => ["cancel-refuses-a-wrong-key", "listing-refuses-a-wrong-key", "read-refuses-a-wrong-key", "rent-refuses-a-wrong-key"],
    KeyCaseIgnored: "the case of a key does not matter"
        => ["cancel-refuses-a-wrong-key", "listing-refuses-a-wrong-key", "read-refuses-a-wrong-key", "rent-refuses-a-wrong-key"],
    KeyIsAPattern: "the key goes into a query with LIKE"
        => ["cancel-refuses-a-wrong-key", "listing-refuses-a-wrong-key", "read-refuses-a-wrong-key", "rent-refuses-a-wrong-key"],
    KeyListIsAnyKey: "a list as key is the first account's"
        => ["listing-refuses-a-key-list"],
    OddKeyRents: "rentNumber accepts true, 0 or an object as a key"
        => ["rent-refuses-a-key-of-another-type"],
    OddKeyCancels: "cancelNumber accepts true, 0 or an object as a key"
        => ["cancel-refuses-a-key-of-another-type"],
    KeyInTheQueryOfAPost: "a POST reads the key in its query too, where logs show it"
        => ["rent-ignores-a-key-in-the-query"],
    // Listing
    ListingSaysOk: r#"getNumbers says "ok" for "success""#
        => ["listing-filter-knows-its-country", "listing-filters-by-country", "listing-succeeds"],
    NumbersIsAnObject: "numbers is an object"
        => ["listing-has-numbers"],
    NumbersIsMissing: "numbers is missing"
        => ["listing-has-numbers"],
    CountryHasThreeLetters: "country has three letters"
        => ["listing-country-is-an-iso-code", "listing-country-is-two-letters"],
    CountryIsAName: "country is a name"
        => ["listing-country-is-an-iso-code", "listing-country-is-two-letters"],
    GreatBritainIsUk: "Great Britain is UK"
        => ["listing-country-is-an-iso-code"],
    CountryIsInLowerCase: "countries are listed in lower case"
        => ["listing-country-is-an-iso-code"],
    NameIsMissing: "country_name is missing"
        => ["listing-has-country-names"],
    NameIsEmpty: "country_name is empty"
        => ["listing-has-country-names"],
    AvailableIsText: "available is a string"
        => ["listing-available-is-a-whole-number"],
    AvailableIsAFraction: "available is a fraction"
        => ["listing-available-is-a-whole-number"],
    AvailableIsNegative: "available is negative"
        => ["listing-available-is-a-whole-number"],
    AvailableIsMissing: "available is null"
        => ["listing-available-is-a-whole-number"],
    PriceIsText: "the price is a string"
        => ["listing-price-is-a-number"],
    PriceHasACurrency: "the price is a string with a currency"
        => ["listing-price-is-a-number"],
    PriceIsNull: "the price is null"
        => ["listing-price-is-a-number"],
    PriceIsNegative: "the price is negative"
        => ["listing-price-is-a-number"],
    FilterIgnored: "a filter is ignored"
        => ["listing-filter-of-an-unlisted-country", "listing-filters-by-country"],
    FilterFindsNothing: "a filter finds nothing"
        => ["listing-filter-knows-its-country"],
    FilterShowsTheFirst: "a filter always shows the first country"
        => ["listing-filter-knows-its-country"],
    UnknownFilterShowsAll: "a filter for an unlisted country shows all"
        => ["listing-filter-of-an-unlisted-country"],
    CountryTwice: "a country is listed twice"
        => ["listing-names-a-country-once"],
    // Renting
    NothingCanBeRented: "rentNumber always refuses"
        => ["rent-succeeds"],
    IdIsMissing: "rental_id is missing"
        => ["rent-succeeds", "rent-returns-a-rental-id"],
    IdIsANumber: "rental_id is a number"
        => ["rent-returns-a-rental-id"],
    IdGivenTwice: "two rentals have the same id"
        => ["rental-ids-are-unique", "concurrent-rents-get-different-numbers", "sms-arrives", "cancels-give-back-one-each"],
    NumberIsMissing: "number is missing"
        => ["rent-returns-e164-number", "rent-heeds-the-country", "sms-arrives"],
    NumberHasNoPlus: "number has no +"
        => ["rent-heeds-the-country", "rent-returns-e164-number"],
    NumberHasSpaces: "number has spaces"
        => ["rent-heeds-the-country", "rent-returns-e164-number"],
    NumberIsNational: "number is in national format"
        => ["rent-heeds-the-country", "rent-number-has-the-calling-code", "rent-returns-e164-number"],
    NumberIsFromElsewhere: "number is of another country"
        => ["rent-number-has-the-calling-code"],
    NumberGivenTwice: "a number has two rentals at a time"
        => ["concurrent-rents-get-different-numbers", "live-numbers-are-unique", "sms-reaches-no-other-account", "sms-reaches-no-other-rental"],
    ExpiryIsMissing: "expires_at is missing"
        => ["rent-returns-expires-at"],
    ExpiryIsAnEpoch: "expires_at is a number"
        => ["rent-returns-expires-at"],
    ExpiryIsLocalStyle: "expires_at is in a local format"
        => ["rent-returns-expires-at"],
    ExpiryHasNoZone: "expires_at has no zone"
        => ["rent-time-has-a-zone"],
    ExpiryIsOver: "expires_at is in the past"
        => ["rent-expires-in-the-future"],
    CountryIsNotRepeated: "country is missing"
        => ["rent-heeds-the-country", "rent-returns-the-country"],
    CountryOfARentalIgnored: "every rental is in the first country"
        => ["rent-heeds-the-country", "rent-number-has-the-calling-code", "rent-refuses-an-unlisted-country"],
    UnlistedCountryIsRented: "an unlisted country can be rented in"
        => ["rent-refuses-an-unlisted-country"],
    MissingCountryIsRented: "a missing country is the first one"
        => ["rent-refuses-a-missing-country"],
    FormsNotRead: "rentNumber does not read forms"
        => ["rent-takes-a-form"],
    JsonNotRead: "rentNumber does not read JSON"
        => ["rent-takes-json"],
    StockStandsStill: "the stock never moves"
        => ["stock-falls-with-a-rental", "stock-comes-back-with-a-cancel", "concurrent-rents-all-count", "cancels-give-back-one-each"],
    StockFallsByTwo: "a rental takes two from the stock"
        => ["stock-falls-with-a-rental", "concurrent-rents-all-count"],
    // Reading
    NothingToReadIsAnError: "getSMS is an error until an SMS arrives"
        => ["read-succeeds-before-an-sms"],
    NoMessagesIsNull: "messages is null without an SMS"
        => ["read-after-cancel-is-answered", "read-messages-is-a-list"],
    NoMessagesIsAnObject: "messages is {} without an SMS"
        => ["read-after-cancel-is-answered", "read-messages-is-a-list"],
    NoMessagesIsAbsent: "messages is missing without an SMS"
        => ["read-after-cancel-is-answered", "read-messages-is-a-list"],
    OneMessageIsNoList: "a single message is not in a list"
        => ["sms-arrives"],
    ReadTellsNoNumber: "getSMS has no number"
        => ["cancel-ends-one-rental-only", "read-returns-the-number"],
    ReadTellsAnotherNumber: "getSMS has another number"
        => ["cancel-ends-one-rental-only", "read-returns-the-number"],
    UnknownRentalIsEmpty: "an unknown rental reads as empty"
        => ["read-by-another-account-is-refused", "read-refuses-an-unknown-rental", "read-wants-the-exact-id"],
    MissingIdIsTheLast: "a missing rental_id is the last rental"
        => ["cancel-refuses-a-missing-rental-id", "read-refuses-a-missing-rental-id"],
    IdComparedByItsStart: "a rental_id may have anything appended"
        => ["read-wants-the-exact-id"],
    EverybodyReads: "every account can read every rental"
        => ["read-by-another-account-is-refused"],
    MessagesAreLost: "no SMS ever arrives"
        => ["sms-arrives"],
    MessagesVanish: "reading a message removes it"
        => ["messages-survive-a-cancel", "second-sms-joins-the-first", "sms-stays"],
    MessagesPileUp: "each read duplicates the messages"
        => ["sms-is-shown-once"],
    OnlyTheLastMessage: "only the last message is shown"
        => ["messages-survive-a-cancel", "second-sms-joins-the-first"],
    MessagesReachAllRentals: "a message reaches all rentals of its account"
        => ["sms-reaches-no-other-rental"],
    MessagesReachAllAccounts: "a message reaches every account"
        => ["sms-reaches-no-other-account", "sms-reaches-no-other-rental"],
    OldMessagesStay: "a new rental shows old messages"
        => ["new-rental-has-no-old-messages"],
    SenderIsMissing: "sender is missing"
        => ["sms-has-a-sender"],
    TextIsMissing: "text is missing"
        => ["sms-has-a-text", "sms-text-is-what-was-sent"],
    TextIsCut: "the text is cut off"
        => ["sms-text-is-what-was-sent"],
    TextIsInCapitals: "the text is in capitals"
        => ["sms-text-is-what-was-sent"],
    TextLosesZeros: "a number in the text loses its leading zeros"
        => ["sms-text-is-what-was-sent"],
    ReceivedAtIsAnEpoch: "received_at is a number"
        => ["sms-has-a-received-at"],
    ReceivedAtHasNoZone: "received_at has no zone"
        => ["sms-time-has-a-zone"],
    ReceivedAtIsLocalTime: "received_at is local time marked as UTC"
        => ["sms-time-is-true"],
    DebugOutputFollows: "something follows the JSON of getSMS"
        => ["cancel-by-another-account-is-refused", "cancel-ends-one-rental-only", "errors-are-json", "errors-have-a-status", "read-after-cancel-is-answered", "read-succeeds-before-an-sms", "sms-arrives"],
    // Cancelling
    NothingCanBeCancelled: "cancelNumber always refuses"
        => ["cancel-succeeds"],
    CancelTellsNothing: "message is missing"
        => ["cancel-returns-a-message"],
    CancelTellsNoId: "a cancel has no rental_id"
        => ["cancel-returns-the-rental-id"],
    CancelTellsAnotherId: "a cancel has the id of another rental"
        => ["cancel-returns-the-rental-id"],
    RefundIsText: "refund_amount is a string"
        => ["cancel-returns-a-refund-amount"],
    RefundIsMissing: "refund_amount is missing"
        => ["cancel-returns-a-refund-amount"],
    RefundIsNegative: "refund_amount is negative"
        => ["refund-is-at-most-the-price"],
    RefundIsTooMuch: "the refund is twice the price"
        => ["refund-is-at-most-the-price"],
    CancelPaysEachTime: "each cancel refunds again"
        => ["concurrent-cancels-count-once", "second-cancel-does-not-refund-again"],
    CancelRestocksEachTime: "each cancel returns a number to the stock"
        => ["concurrent-cancels-count-once", "second-cancel-leaves-the-stock"],
    CancelDoesNotRestock: "a cancel returns nothing to the stock"
        => ["stock-comes-back-with-a-cancel", "cancels-give-back-one-each"],
    CancelEndsAll: "a cancel ends all rentals of the account"
        => ["cancels-give-back-one-each", "sms-arrives"],
    UnknownRentalIsCancelled: "an unknown rental is cancelled"
        => ["cancel-by-another-account-is-refused", "cancel-refuses-an-unknown-rental"],
    EverybodyCancels: "every account can cancel every rental"
        => ["cancel-by-another-account-is-refused"],
    ReadAfterCancelBreaks: "getSMS after a cancel is a server error"
        => ["read-after-cancel-is-answered"],
    SecondCancelBreaks: "a second cancel is a server error"
        => ["second-cancel-is-answered"],
    MessagesGoneAfterCancel: "a cancel hides the messages"
        => ["messages-survive-a-cancel"],
    CancelledStillReceives: "a cancelled rental still receives SMS"
        => ["cancelled-rental-receives-no-sms"],
    // Concurrency
    RentsRace: "concurrent rentals get the same number"
        => ["concurrent-rents-get-different-numbers"],
    CancelsRace: "concurrent cancels each refund"
        => ["concurrent-cancels-count-once", "second-cancel-does-not-refund-again"],
    StockLosesCount: "concurrent rentals count as one"
        => ["concurrent-rents-all-count", "concurrent-rents-get-different-numbers"],
    RentsTogetherBreak: "concurrent rentals get a server error"
        => ["concurrent-rents-are-no-server-error"],
    // Protocol
    SuccessIs404: "a success has the status 404"
        => ["rent-succeeds", "success-is-2xx"],
    AllIsHtml: "every reply says that it is HTML"
        => ["content-type-is-json"],
    ErrorsArePages: "errors are web pages"
        => ["content-type-is-json", "errors-are-json", "errors-have-a-status"],
    ErrorsAreBareText: "errors are a bare string"
        => ["errors-are-json", "errors-have-a-status"],
    ErrorsHaveNoStatus: "errors have no status"
        => ["errors-have-a-status"],
    ErrorsAreRedirects: "errors redirect"
        => ["errors-are-4xx"],
    EmojiInAQueryBreaks: "an emoji in a query is a server error"
        => ["odd-query-is-no-server-error"],
    StrangeBytesBreak: "invalid UTF-8 in a query is a server error"
        => ["non-utf8-query-is-no-server-error"],
    LongTextBreaks: "a long text is a server error"
        => ["long-value-is-no-server-error"],
    BrokenJsonBreaks: "a body that is not JSON is a server error"
        => ["broken-json-is-no-server-error"],
    BrokenFormBreaks: "a form with invalid UTF-8 is a server error"
        => ["broken-form-is-no-server-error"],
    WrongTypeBreaks: "a rental_id that is not a string is a server error"
        => ["wrong-type-is-no-server-error"],
    OddCountryBreaks: "a country of more than two letters is a server error"
        => ["odd-country-is-no-server-error"],
    OddServiceBreaks: "a long service is a server error"
        => ["odd-service-is-no-server-error"],
    UnknownTypeBreaks: "a body of an unknown type is a server error"
        => ["unknown-encoding-is-no-server-error"],
    WrongMethodBreaks: "a wrong method is a server error"
        => ["wrong-method-is-no-server-error"],
    LongTextIsFatal: "after a long text, getNumbers stays broken"
        => ["long-value-is-no-server-error", "still-answers-at-the-end"],
    SlowFilter: "getNumbers with a filter takes more than 3 s"
        => ["replies-within-3s"],
}
