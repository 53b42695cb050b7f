//! How money and lengths of time are written and read.

use ringer::scenario::*;

#[test]
fn money_has_at_least_two_decimals_and_at_most_four_and_reads_back() {
    for (amount, written) in [
        (Money::ZERO, "0.00"),
        (cents(5), "0.05"),
        (cents(10), "0.10"),
        (cents(123_456), "1234.56"),
        (Money::ten_thousandths(125), "0.0125"),
        (Money::ten_thousandths(120), "0.012"),
    ] {
        assert_eq!(serde_json::to_string(&amount).expect("it is JSON"), written);
        assert_eq!(serde_json::from_str::<Money>(written).expect("it is money"), amount);
    }
    for wrong in ["-1", "0.00001", "1e300", "\"0.05\"", "2000000000"] {
        assert!(serde_json::from_str::<Money>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_span_is_written_shortest_and_read_as_text_or_as_seconds() {
    for (span, written) in [
        (seconds(0), "0s"),
        (millis(200), "200ms"),
        (seconds(90), "1m30s"),
        (minutes(60), "1h"),
        (seconds(86_400), "24h"),
    ] {
        assert_eq!(span.to_string(), written);
        assert_eq!(written.parse(), Ok(span));
    }
    assert_eq!(
        serde_json::from_str::<VirtualDuration>("1.5").expect("it is a span"),
        millis(1_500)
    );
    for wrong in ["-1", "\"soon\"", "\"-5s\"", "1e30", "null"] {
        assert!(serde_json::from_str::<VirtualDuration>(wrong).is_err(), "{wrong}");
    }
}
