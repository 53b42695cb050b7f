//! What a client sends, as it passes from the socket to the dispatcher.
//!
//! The dispatcher parses HTTP. What is seen here is what it cannot say, or should not see.

use memchr::memchr;

/// The longest request target that the `http` crate takes.
pub(super) const MAX_TARGET: usize = 65_534;

/// A header by which a client offers another protocol, and the word in it that the dispatcher acts on.
#[derive(Debug)]
struct UpgradeHeader {
    header: &'static [u8],
    word: &'static [u8],
}

static UPGRADE: UpgradeHeader = UpgradeHeader { header: b"upgrade:", word: b"websocket" };
static CONNECTION: UpgradeHeader = UpgradeHeader { header: b"connection:", word: b"upgrade" };

/// The protocol of a connection, told by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    /// HTTP/1.1, or anything else that the dispatcher judges.
    Http1,
    /// HTTP/2 without TLS, from a client that takes it for granted.
    Http2,
    /// A TLS handshake.
    Tls,
}

impl Protocol {
    fn of(first: &[u8]) -> Self {
        match first {
            [0x16, 0x03, ..] => Self::Tls,
            _ if first.starts_with(b"PRI * HTTP/2") => Self::Http2,
            _ => Self::Http1,
        }
    }
}

/// Watches the bytes of one connection.
///
/// It withdraws every offer to upgrade, which RFC 9110 (7.8) lets a server ignore. The dispatcher
/// would treat all bytes behind `Upgrade: websocket` as the body of that request, and close after
/// `Connection: Upgrade`. One letter of the offer is overwritten, so no length changes.
///
/// Heads are not told from bodies: that would take a second HTTP parser. Of the bodies that are read
/// here only multipart can have such a line, in a value that contains line breaks.
#[derive(Debug, Default)]
pub(super) struct InboundFilter {
    protocol: Option<Protocol>,
    place: ScanState,
    /// How long the current line is, and how long the longest was since the last reply.
    line: usize,
    longest_line: usize,
}

/// Where in its line the next byte stands.
#[derive(Clone, Copy, Debug, Default)]
enum ScanState {
    #[default]
    Start,
    /// In what may become the header of this offer, of which this is still to come.
    Header(&'static UpgradeHeader, &'static [u8]),
    /// In the value of that header; this is still to come of the word.
    Value(&'static UpgradeHeader, &'static [u8]),
    Elsewhere,
}

impl InboundFilter {
    /// What the client speaks; `None` before its first byte.
    pub(super) const fn protocol(&self) -> Option<Protocol> {
        self.protocol
    }

    /// Whether a line since the last reply was longer than a request line can be.
    pub(super) const fn had_overlong_line(&self) -> bool {
        self.line > MAX_TARGET || self.longest_line > MAX_TARGET
    }

    /// Forgets the lines of requests that are answered.
    pub(super) const fn answered(&mut self) {
        (self.line, self.longest_line) = (0, 0);
    }

    /// Takes note of bytes that have arrived.
    pub(super) fn watch(&mut self, bytes: &mut [u8]) {
        if self.protocol.is_none() && !bytes.is_empty() {
            self.protocol = Some(Protocol::of(bytes));
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            let end = memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            let (piece, after) = rest.split_at_mut(end);
            self.watch_line(piece);
            rest = after;
        }
    }

    /// Takes note of a line, or a piece of one.
    fn watch_line(&mut self, piece: &mut [u8]) {
        let mut place = self.place;
        for byte in &mut *piece {
            let letter = byte.to_ascii_lowercase();
            place = match place {
                ScanState::Start => match letter {
                    b'u' => ScanState::Header(&UPGRADE, &UPGRADE.header[1..]),
                    b'c' => ScanState::Header(&CONNECTION, &CONNECTION.header[1..]),
                    _ => ScanState::Elsewhere,
                },
                ScanState::Header(offer, [next]) if *next == letter => {
                    ScanState::Value(offer, offer.word)
                }
                ScanState::Header(offer, [next, rest @ ..]) if *next == letter => {
                    ScanState::Header(offer, rest)
                }
                ScanState::Value(offer, [next]) if *next == letter => {
                    *byte = b'-';
                    ScanState::Value(offer, offer.word)
                }
                ScanState::Value(offer, [next, rest @ ..]) if *next == letter => {
                    ScanState::Value(offer, rest)
                }
                // Neither word has its first letter twice.
                ScanState::Value(offer, _) if offer.word[0] == letter => {
                    ScanState::Value(offer, &offer.word[1..])
                }
                ScanState::Value(offer, _) => ScanState::Value(offer, offer.word),
                ScanState::Header(..) | ScanState::Elsewhere => {
                    place = ScanState::Elsewhere;
                    break;
                }
            };
        }
        self.place = place;
        self.line += piece.len();
        if piece.ends_with(b"\n") {
            self.longest_line = self.longest_line.max(self.line);
            (self.line, self.place) = (0, ScanState::Start);
        }
    }
}
