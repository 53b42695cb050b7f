//! What real partners get wrong, one thing each.

/// Declares the defects, each with what is wrong in a few words, and the cases that it may fail.
macro_rules! defects {
    ($($name:ident: $what:literal => $fitting:expr,)*) => {
        /// A thing that is wrong with a partner's server, all else being right.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(in crate::check) enum Defect {
            $(#[doc = $what] $name,)*
        }

        impl Defect {
            pub(in crate::check) const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// What is wrong.
            pub(in crate::check) const fn what(self) -> &'static str {
                match self {
                    $(Self::$name => $what,)*
                }
            }

            /// The cases that have to do with it: one of them must find it, and no other may.
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
    NoKeyIsAnyKey: "where no key is sent, the first account is taken"
        => ["cancel-needs-a-key", "listing-needs-a-key", "listing-refuses-a-key-list", "read-needs-a-key", "rent-ignores-a-key-in-the-query", "rent-needs-a-key"],
    EmptyKeyIsAnyKey: "an empty key finds the first account"
        => ["cancel-needs-a-key", "listing-needs-a-key", "read-needs-a-key", "rent-needs-a-key"],
    KeyComparedByItsStart: "a key is found by its beginning"
        => ["cancel-refuses-a-wrong-key", "listing-refuses-a-wrong-key", "read-refuses-a-wrong-key", "rent-refuses-a-wrong-key"],
    KeyMayGoOn: "whatever begins with a key is that key"
        => ["cancel-refuses-a-wrong-key", "listing-refuses-a-wrong-key", "read-refuses-a-wrong-key", "rent-refuses-a-wrong-key"],
    KeyCaseIgnored: "upper and lower case of a key are not told apart"
        => ["cancel-refuses-a-wrong-key", "listing-refuses-a-wrong-key", "read-refuses-a-wrong-key", "rent-refuses-a-wrong-key"],
    KeyIsAPattern: "the key goes into a query with LIKE"
        => ["cancel-refuses-a-wrong-key", "listing-refuses-a-wrong-key", "read-refuses-a-wrong-key", "rent-refuses-a-wrong-key"],
    KeyListIsAnyKey: "a list in the place of the key finds the first account"
        => ["listing-refuses-a-key-list"],
    OddKeyRents: "rentNumber takes true, 0 or an object for a key"
        => ["rent-refuses-a-key-of-another-type"],
    OddKeyCancels: "cancelNumber takes true, 0 or an object for a key"
        => ["cancel-refuses-a-key-of-another-type"],
    KeyInTheQueryOfAPost: "a POST reads the key in its query too, where logs show it"
        => ["rent-ignores-a-key-in-the-query"],
    // Listing
    ListingSaysOk: r#"getNumbers says "ok" for "success""#
        => ["listing-filter-knows-its-country", "listing-filters-by-country", "listing-succeeds"],
    NumbersIsAnObject: "numbers is an object"
        => ["listing-has-numbers"],
    NumbersIsMissing: "there is no numbers"
        => ["listing-has-numbers"],
    CountryHasThreeLetters: "countries are called by three letters"
        => ["listing-country-is-an-iso-code", "listing-country-is-two-letters"],
    CountryIsAName: "a country is called by its name"
        => ["listing-country-is-an-iso-code", "listing-country-is-two-letters"],
    GreatBritainIsUk: "Great Britain is UK"
        => ["listing-country-is-an-iso-code"],
    CountryIsInLowerCase: "countries are listed in lower case"
        => ["listing-country-is-an-iso-code"],
    NameIsMissing: "there is no country_name"
        => ["listing-has-country-names"],
    NameIsEmpty: "country_name is empty"
        => ["listing-has-country-names"],
    AvailableIsText: "available is a text"
        => ["listing-available-is-a-whole-number"],
    AvailableIsAFraction: "available is no whole number"
        => ["listing-available-is-a-whole-number"],
    AvailableIsNegative: "a country has less than nothing"
        => ["listing-available-is-a-whole-number"],
    AvailableIsMissing: "available is null"
        => ["listing-available-is-a-whole-number"],
    PriceIsText: "the price is a text"
        => ["listing-price-is-a-number"],
    PriceHasACurrency: "the price is a text with a currency"
        => ["listing-price-is-a-number"],
    PriceIsNull: "there is no price"
        => ["listing-price-is-a-number"],
    PriceIsNegative: "the price is below nothing"
        => ["listing-price-is-a-number"],
    FilterIgnored: "a filter is ignored"
        => ["listing-filter-of-an-unlisted-country", "listing-filters-by-country"],
    FilterFindsNothing: "a filter finds nothing"
        => ["listing-filter-knows-its-country"],
    FilterShowsTheFirst: "a filter shows the first country, whatever was asked"
        => ["listing-filter-knows-its-country"],
    UnknownFilterShowsAll: "a filter for a country that is not offered shows all"
        => ["listing-filter-of-an-unlisted-country"],
    CountryTwice: "a country is listed twice"
        => ["listing-names-a-country-once"],
    // Renting
    NothingCanBeRented: "rentNumber always refuses"
        => ["rent-succeeds"],
    IdIsMissing: "there is no rental_id"
        => ["rent-succeeds", "rent-returns-a-rental-id"],
    IdIsANumber: "rental_id is a number"
        => ["rent-returns-a-rental-id"],
    IdGivenTwice: "two rentals have the same id"
        => ["rental-ids-are-unique", "concurrent-rents-get-different-numbers", "sms-arrives", "cancels-give-back-one-each"],
    NumberIsMissing: "there is no number"
        => ["rent-returns-e164-number", "rent-heeds-the-country", "sms-arrives"],
    NumberHasNoPlus: "number has no +"
        => ["rent-heeds-the-country", "rent-returns-e164-number"],
    NumberHasSpaces: "number has spaces"
        => ["rent-heeds-the-country", "rent-returns-e164-number"],
    NumberIsNational: "number is as one dials it at home"
        => ["rent-heeds-the-country", "rent-number-has-the-calling-code", "rent-returns-e164-number"],
    NumberIsFromElsewhere: "number is of another country"
        => ["rent-number-has-the-calling-code"],
    NumberGivenTwice: "a number is rented to two at a time"
        => ["concurrent-rents-get-different-numbers", "live-numbers-are-unique", "sms-reaches-no-other-account", "sms-reaches-no-other-rental"],
    ExpiryIsMissing: "there is no expires_at"
        => ["rent-returns-expires-at"],
    ExpiryIsAnEpoch: "expires_at is a number"
        => ["rent-returns-expires-at"],
    ExpiryIsLocalStyle: "expires_at is as one writes it at home"
        => ["rent-returns-expires-at"],
    ExpiryHasNoZone: "expires_at has no zone"
        => ["rent-time-has-a-zone"],
    ExpiryIsOver: "expires_at is over already"
        => ["rent-expires-in-the-future"],
    CountryIsNotRepeated: "there is no country"
        => ["rent-heeds-the-country", "rent-returns-the-country"],
    CountryOfARentalIgnored: "every rental is in the first country"
        => ["rent-heeds-the-country", "rent-number-has-the-calling-code", "rent-refuses-an-unlisted-country"],
    UnlistedCountryIsRented: "a country that is not offered is rented in all the same"
        => ["rent-refuses-an-unlisted-country"],
    MissingCountryIsRented: "without a country, one is rented in the first"
        => ["rent-refuses-a-missing-country"],
    FormsNotRead: "rentNumber reads no forms"
        => ["rent-takes-a-form"],
    JsonNotRead: "rentNumber reads no JSON"
        => ["rent-takes-json"],
    StockStandsStill: "the stock never moves"
        => ["stock-falls-with-a-rental", "stock-comes-back-with-a-cancel", "concurrent-rents-all-count", "cancels-give-back-one-each"],
    StockFallsByTwo: "a rental takes two from the stock"
        => ["stock-falls-with-a-rental", "concurrent-rents-all-count"],
    // Reading
    NothingToReadIsAnError: "getSMS is an error until there is an SMS"
        => ["read-succeeds-before-an-sms"],
    NoMessagesIsNull: "messages is null while there is none"
        => ["read-after-cancel-is-answered", "read-messages-is-a-list"],
    NoMessagesIsAnObject: "messages is {} while there is none"
        => ["read-after-cancel-is-answered", "read-messages-is-a-list"],
    NoMessagesIsAbsent: "messages is absent while there is none"
        => ["read-after-cancel-is-answered", "read-messages-is-a-list"],
    OneMessageIsNoList: "a single message is no list"
        => ["sms-arrives"],
    ReadTellsNoNumber: "getSMS tells no number"
        => ["cancel-ends-one-rental-only", "read-returns-the-number"],
    ReadTellsAnotherNumber: "getSMS tells another number"
        => ["cancel-ends-one-rental-only", "read-returns-the-number"],
    UnknownRentalIsEmpty: "a rental that nobody made has no messages"
        => ["read-by-another-account-is-refused", "read-refuses-an-unknown-rental", "read-wants-the-exact-id"],
    MissingIdIsTheLast: "without an id, the last rental is meant"
        => ["cancel-refuses-a-missing-rental-id", "read-refuses-a-missing-rental-id"],
    IdComparedByItsStart: "an id may go on with anything"
        => ["read-wants-the-exact-id"],
    EverybodyReads: "everybody can read every rental"
        => ["read-by-another-account-is-refused"],
    MessagesAreLost: "no SMS ever arrives"
        => ["sms-arrives"],
    MessagesVanish: "a message is gone once it was read"
        => ["messages-survive-a-cancel", "second-sms-joins-the-first", "sms-stays"],
    MessagesPileUp: "each read adds the messages once more"
        => ["sms-is-shown-once"],
    OnlyTheLastMessage: "only the last message is shown"
        => ["messages-survive-a-cancel", "second-sms-joins-the-first"],
    MessagesReachAllRentals: "a message reaches all rentals of its account"
        => ["sms-reaches-no-other-rental"],
    MessagesReachAllAccounts: "a message reaches everybody"
        => ["sms-reaches-no-other-account", "sms-reaches-no-other-rental"],
    OldMessagesStay: "a new rental shows the messages of those before"
        => ["new-rental-has-no-old-messages"],
    SenderIsMissing: "there is no sender"
        => ["sms-has-a-sender"],
    TextIsMissing: "there is no text"
        => ["sms-has-a-text", "sms-text-is-what-was-sent"],
    TextIsCut: "the text is cut off"
        => ["sms-text-is-what-was-sent"],
    TextIsInCapitals: "the text comes in capitals"
        => ["sms-text-is-what-was-sent"],
    TextLosesZeros: "a number in the text loses its leading zero"
        => ["sms-text-is-what-was-sent"],
    ReceivedAtIsAnEpoch: "received_at is a number"
        => ["sms-has-a-received-at"],
    ReceivedAtHasNoZone: "received_at has no zone"
        => ["sms-time-has-a-zone"],
    ReceivedAtIsLocalTime: "received_at is the local time and says that it is UTC"
        => ["sms-time-is-true"],
    DebugOutputFollows: "something follows the JSON of getSMS"
        => ["cancel-by-another-account-is-refused", "cancel-ends-one-rental-only", "errors-are-json", "errors-have-a-status", "read-after-cancel-is-answered", "read-succeeds-before-an-sms", "sms-arrives"],
    // Cancelling
    NothingCanBeCancelled: "cancelNumber always refuses"
        => ["cancel-succeeds"],
    CancelTellsNothing: "there is no message"
        => ["cancel-returns-a-message"],
    CancelTellsNoId: "there is no rental_id in the reply to a cancel"
        => ["cancel-returns-the-rental-id"],
    CancelTellsAnotherId: "a cancel tells another rental's id"
        => ["cancel-returns-the-rental-id"],
    RefundIsText: "refund_amount is a text"
        => ["cancel-returns-a-refund-amount"],
    RefundIsMissing: "there is no refund_amount"
        => ["cancel-returns-a-refund-amount"],
    RefundIsNegative: "refund_amount is below nothing"
        => ["refund-is-at-most-the-price"],
    RefundIsTooMuch: "twice the price is paid back"
        => ["refund-is-at-most-the-price"],
    CancelPaysEachTime: "each cancel pays back once more"
        => ["concurrent-cancels-count-once", "second-cancel-does-not-refund-again"],
    CancelRestocksEachTime: "each cancel gives one back to the stock"
        => ["concurrent-cancels-count-once", "second-cancel-leaves-the-stock"],
    CancelDoesNotRestock: "a cancel gives nothing back to the stock"
        => ["stock-comes-back-with-a-cancel", "cancels-give-back-one-each"],
    CancelEndsAll: "a cancel ends all rentals of the account"
        => ["cancels-give-back-one-each", "sms-arrives"],
    UnknownRentalIsCancelled: "a rental that nobody made is cancelled"
        => ["cancel-by-another-account-is-refused", "cancel-refuses-an-unknown-rental"],
    EverybodyCancels: "everybody can cancel every rental"
        => ["cancel-by-another-account-is-refused"],
    ReadAfterCancelBreaks: "getSMS after a cancel is a server error"
        => ["read-after-cancel-is-answered"],
    SecondCancelBreaks: "a second cancel is a server error"
        => ["second-cancel-is-answered"],
    MessagesGoneAfterCancel: "after a cancel, what was received is denied"
        => ["messages-survive-a-cancel"],
    CancelledStillReceives: "a cancelled rental still receives"
        => ["cancelled-rental-receives-no-sms"],
    // Concurrency
    RentsRace: "two who rent at the same time get the same number"
        => ["concurrent-rents-get-different-numbers"],
    CancelsRace: "two cancels at the same time both pay back"
        => ["concurrent-cancels-count-once", "second-cancel-does-not-refund-again"],
    StockLosesCount: "rentals at the same time count as one"
        => ["concurrent-rents-all-count", "concurrent-rents-get-different-numbers"],
    RentsTogetherBreak: "two who rent at the same time get a server error"
        => ["concurrent-rents-are-no-server-error"],
    // Protocol
    SuccessIs404: "a success has the status 404"
        => ["rent-succeeds", "success-is-2xx"],
    AllIsHtml: "every reply says that it is HTML"
        => ["content-type-is-json"],
    ErrorsArePages: "errors are web pages"
        => ["content-type-is-json", "errors-are-json", "errors-have-a-status"],
    ErrorsAreBareText: "errors are a bare text"
        => ["errors-are-json", "errors-have-a-status"],
    ErrorsHaveNoStatus: "errors do not have the field status"
        => ["errors-have-a-status"],
    ErrorsAreRedirects: "errors redirect"
        => ["errors-are-4xx"],
    EmojiInAQueryBreaks: "an emoji in a query is a server error"
        => ["odd-query-is-no-server-error"],
    StrangeBytesBreak: "bytes that are no UTF-8 in a query are a server error"
        => ["non-utf8-query-is-no-server-error"],
    LongTextBreaks: "a long text is a server error"
        => ["long-value-is-no-server-error"],
    BrokenJsonBreaks: "a body that is no JSON is a server error"
        => ["broken-json-is-no-server-error"],
    BrokenFormBreaks: "a form that is no UTF-8 is a server error"
        => ["broken-form-is-no-server-error"],
    WrongTypeBreaks: "a rental_id that is no text is a server error"
        => ["wrong-type-is-no-server-error"],
    OddCountryBreaks: "a country of more than two letters is a server error"
        => ["odd-country-is-no-server-error"],
    OddServiceBreaks: "a long service is a server error"
        => ["odd-service-is-no-server-error"],
    UnknownTypeBreaks: "a body of an unknown type is a server error"
        => ["unknown-encoding-is-no-server-error"],
    WrongMethodBreaks: "a wrong method is a server error"
        => ["wrong-method-is-no-server-error"],
    LongTextIsFatal: "after a long text, getNumbers is out of order"
        => ["long-value-is-no-server-error", "still-answers-at-the-end"],
    SlowFilter: "getNumbers with a filter takes more than 3 s"
        => ["replies-within-3s"],
}
