//! Inspects what a client sends before actix-http parses it: for facts that actix-http does not
//! report, and for offers that it must not see.

use memchr::memchr;

/// The longest request target that the `http` crate takes.
pub(super) const MAX_TARGET: usize = 65_534;

/// A header that offers another protocol, and the word in it that actix-http acts on.
#[derive(Debug)]
struct UpgradeHeader {
    header: &'static [u8],
    word: &'static [u8],
}

static UPGRADE: UpgradeHeader = UpgradeHeader { header: b"upgrade:", word: b"websocket" };
static CONNECTION: UpgradeHeader = UpgradeHeader { header: b"connection:", word: b"upgrade" };

/// The protocol of a connection, detected from its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    /// Or anything else that actix-http has to judge.
    Http1,
    /// Without TLS and without negotiation.
    Http2,
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

/// Inspects the bytes of one connection.
///
/// It removes every offer to upgrade, which RFC 9110 (7.8) allows a server to ignore. actix-http would
/// treat all bytes after `Upgrade: websocket` as the body of that request, and close the connection
/// after `Connection: Upgrade`. One letter of the offer is overwritten, so no length changes.
///
/// It does not tell heads from bodies, which would take a second HTTP parser. Among the bodies that we
/// read, only multipart can contain such a line, in a value with line breaks.
#[derive(Debug, Default)]
pub(super) struct InboundFilter {
    protocol: Option<Protocol>,
    place: ScanState,
    /// The length of the current line, and of the longest one since the last reply.
    line: usize,
    longest_line: usize,
}

/// The position of the next byte in its line.
#[derive(Clone, Copy, Debug, Default)]
enum ScanState {
    #[default]
    Start,
    /// In what may be the name of this header; the rest of the name.
    Header(&'static UpgradeHeader, &'static [u8]),
    /// In the value of this header; the rest of the word.
    Value(&'static UpgradeHeader, &'static [u8]),
    Elsewhere,
}

impl InboundFilter {
    /// `None` before the first byte.
    pub(super) const fn protocol(&self) -> Option<Protocol> {
        self.protocol
    }

    /// Whether a line since the last reply was too long for a request line.
    pub(super) const fn had_overlong_line(&self) -> bool {
        self.line > MAX_TARGET || self.longest_line > MAX_TARGET
    }

    /// Forgets the lines of answered requests.
    pub(super) const fn answered(&mut self) {
        (self.line, self.longest_line) = (0, 0);
    }

    pub(super) fn inspect(&mut self, bytes: &mut [u8]) {
        if self.protocol.is_none() && !bytes.is_empty() {
            self.protocol = Some(Protocol::of(bytes));
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            let end = memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            let (piece, after) = rest.split_at_mut(end);
            self.inspect_line(piece);
            rest = after;
        }
    }

    /// Inspects a line, or a piece of one.
    fn inspect_line(&mut self, piece: &mut [u8]) {
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
                // The first letter of either word occurs in it only once.
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
