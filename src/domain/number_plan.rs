//! Which numbers are handed out: contract section 7 as data.
//!
//! A number must look real to a client's validation and yet never reach a real person. Regulators
//! keep ranges for films and tests; these come first. When they are used up, or where a country
//! has none, the numbers go on from `+CC 000…`, which no plan assigns. The ranges are those that
//! NANPA, Ofcom, the Bundesnetzagentur, ARCEP, PTS, ACMA and ComReg have published.

use serde::{Deserialize, Serialize};

use super::country::{CountryCode, codes};
use super::country_table::TABLE;
use super::phone_number::PhoneNumber;

/// Which of a country's numbers kept for fiction are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberKind {
    /// Those that pass a validator, landline or mobile, for a client that checks what it is given.
    #[default]
    Any,
    /// Mobile ones, where the country keeps some. The British and French do not pass a validator.
    /// A country that keeps none has the same numbers as under `Any`.
    Mobile,
}

/// `size` numbers in a row, from `first` on.
struct Block {
    first: u64,
    size: u64,
}

const fn block(first: u64, size: u64) -> Block {
    Block { first, size }
}

/// The numbers that a country keeps for fiction.
enum Fiction {
    Blocks(&'static [Block]),
    /// 555-0100 to 555-0199 in each of these area codes of the North American plan.
    AreaCodes(&'static [u16]),
}

/// The most digits that a number has, with its calling code.
const E164_DIGITS: u32 = 15;

/// How many numbers the North American plan keeps in each area code.
const IN_EACH_AREA: u64 = 100;

impl Fiction {
    fn of(country: CountryCode, kind: NumberKind) -> Self {
        use NumberKind::{Any, Mobile};
        match (country, kind) {
            (codes::US, _) => Self::AreaCodes(&US_AREAS),
            (codes::CA, _) => Self::AreaCodes(&CA_AREAS),
            (codes::DO, _) => Self::AreaCodes(&[809, 829, 849]),
            (codes::JM, _) => Self::AreaCodes(&[658, 876]),
            (codes::PR, _) => Self::AreaCodes(&[787, 939]),
            (codes::GB, Any) => Self::Blocks(&GB),
            (codes::GB, Mobile) => Self::Blocks(&GB_MOBILE),
            (codes::DE, Any) => Self::Blocks(&DE),
            (codes::DE, Mobile) => Self::Blocks(&DE[DE_LANDLINES..]),
            (codes::FR, Any) => Self::Blocks(&FR),
            (codes::FR, Mobile) => Self::Blocks(&FR_MOBILE),
            (codes::SE, _) => Self::Blocks(&SE),
            (codes::AU, _) => Self::Blocks(&AU),
            (codes::IE, _) => Self::Blocks(&IE),
            _ => Self::Blocks(&[]),
        }
    }

    fn len(&self) -> u64 {
        match self {
            Self::Blocks(blocks) => blocks.iter().map(|block| block.size).sum(),
            Self::AreaCodes(areas) => areas.len() as u64 * IN_EACH_AREA,
        }
    }

    /// The number at `index`, or else how far beyond the last one `index` is.
    fn get(&self, mut index: u64) -> Result<u64, u64> {
        match self {
            Self::Blocks(blocks) => {
                for block in *blocks {
                    if index < block.size {
                        return Ok(block.first + index);
                    }
                    index -= block.size;
                }
                Err(index)
            }
            Self::AreaCodes(areas) => {
                let area = usize::try_from(index / IN_EACH_AREA).ok().and_then(|at| areas.get(at));
                match area {
                    Some(&area) => {
                        Ok(1_000_555_0100 + u64::from(area) * 1_000_0000 + index % IN_EACH_AREA)
                    }
                    None => Err(index - self.len()),
                }
            }
        }
    }
}

/// How many numbers this country keeps for fiction; 0 where it keeps none.
pub fn fiction_len(country: CountryCode, kind: NumberKind) -> u64 {
    Fiction::of(country, kind).len()
}

/// Whether libphonenumber calls the numbers that the country keeps for fiction valid. Where there
/// are none it is false: the numbers after them are never valid, in any country.
pub fn is_valid_range(country: CountryCode, kind: NumberKind) -> bool {
    let refused = match kind {
        NumberKind::Any => country == codes::IE,
        NumberKind::Mobile => [codes::IE, codes::GB, codes::FR].contains(&country),
    };
    !refused && fiction_len(country, kind) > 0
}

/// How many different numbers [`nth`] knows for this country: the numbers kept for fiction and the
/// fallback. At least ten million, far beyond what one sandbox can hold.
pub fn capacity(country: CountryCode, kind: NumberKind) -> u64 {
    let fallback = Fallback::of(country);
    fiction_len(country, kind) + fallback.short.len + fallback.long.len
}

/// The number at `index` of this country: first each number kept for fiction once, then the
/// fallback, counting up.
///
/// Two indexes below [`capacity`] never give the same number, nor do two countries, not even where
/// they share a calling code. Beyond it the fallback begins again, as E.164 has no more digits.
pub fn nth(country: CountryCode, kind: NumberKind, index: u64) -> PhoneNumber {
    let digits = match Fiction::of(country, kind).get(index) {
        Ok(digits) => digits,
        Err(beyond) => Fallback::of(country).get(beyond),
    };
    PhoneNumber::from_digits(digits)
}

/// The numbers that no plan assigns: `+CC 000…` at the length of a mobile number, and when these
/// are used up, `+CC 0000…` at the full length of E.164.
///
/// The long ones have a fourth zero because India has free-phone numbers from 000800 on, and Japan
/// and Korea have some from 00 on, which may follow a dialled 0.
struct Fallback {
    short: Series,
    long: Series,
}

/// Every `step`th number from `first` on.
struct Series {
    first: u64,
    step: u64,
    len: u64,
}

impl Fallback {
    fn of(country: CountryCode) -> Self {
        let calling_code = u64::from(country.calling_code());
        let code_len = calling_code.ilog10() + 1;
        let turn = &TURNS[country.position()];
        let series = |national_len: u32, zeros: u32| Series {
            first: calling_code * 10_u64.pow(national_len) + turn.place,
            step: turn.sharers,
            len: 10_u64.pow(national_len - zeros) / turn.sharers,
        };
        let mobile_len = country.mobile_len();
        let longest = E164_DIGITS - code_len;
        let (short, long) = match country {
            // Tajik mobile numbers may begin with 00; they never have ten digits.
            codes::TJ => (series(mobile_len + 1, 3), series(longest, 4)),
            // 0004 is free-phone in Uruguay at any length, and so is 00004 with a dialled 0.
            codes::UY => (series(mobile_len, 5), series(longest, 5)),
            _ => (series(mobile_len, 3), series(longest, 4)),
        };
        Self { short, long }
    }

    fn get(&self, index: u64) -> u64 {
        match index.checked_sub(self.short.len) {
            None => self.short.get(index),
            Some(index) => self.long.get(index % self.long.len),
        }
    }
}

impl Series {
    fn get(&self, index: u64) -> u64 {
        self.first + index * self.step
    }
}

/// Countries that share a calling code take turns in what follows it.
struct Turn {
    /// How many countries of the same calling code stand before this one.
    place: u64,
    /// How many countries have this calling code.
    sharers: u64,
}

/// The turn of every country, in the order of the table.
static TURNS: [Turn; TABLE.len()] = {
    let mut turns = [const { Turn { place: 0, sharers: 0 } }; TABLE.len()];
    let mut this = 0;
    while this < TABLE.len() {
        let mut other = 0;
        while other < TABLE.len() {
            if TABLE[other].calling_code == TABLE[this].calling_code {
                turns[this].sharers += 1;
                turns[this].place += (other < this) as u64;
            }
            other += 1;
        }
        this += 1;
    }
    turns
};

static GB: [Block; 14] = [
    block(44_20_7946_0000, 1000),
    block(44_113_496_0000, 1000),
    block(44_114_496_0000, 1000),
    block(44_116_496_0000, 1000),
    block(44_117_496_0000, 1000),
    block(44_118_496_0000, 1000),
    block(44_121_496_0000, 1000),
    block(44_131_496_0000, 1000),
    block(44_141_496_0000, 1000),
    block(44_151_496_0000, 1000),
    block(44_161_496_0000, 1000),
    block(44_29_2018_0000, 1000),
    block(44_191_498_0000, 1000),
    block(44_3069_990000, 1000),
];

static GB_MOBILE: [Block; 1] = [block(44_7700_900000, 1000)];

static DE: [Block; 7] = [
    block(49_30_23125000, 1000),
    block(49_69_90009000, 1000),
    block(49_40_66969000, 1000),
    block(49_221_4710000, 1000),
    block(49_89_99998000, 1000),
    block(49_171_3920000, 100),
    block(49_176_04069000, 100),
];

/// The mobile blocks of Germany stand after these.
const DE_LANDLINES: usize = 5;

static FR: [Block; 5] = [
    block(33_1_99_00_0000, 10_000),
    block(33_2_61_91_0000, 10_000),
    block(33_3_53_01_0000, 10_000),
    block(33_4_65_71_0000, 10_000),
    block(33_5_36_49_0000, 10_000),
];

static FR_MOBILE: [Block; 1] = [block(33_6_39_98_0000, 10_000)];

/// 070-1740605 to 070-1740699, all of them mobile.
static SE: [Block; 1] = [block(46_70_1740605, 95)];

static AU: [Block; 8] = [
    block(61_2_5550_0000, 10_000),
    block(61_2_7010_0000, 10_000),
    block(61_3_5550_0000, 10_000),
    block(61_3_7010_0000, 10_000),
    block(61_7_5550_0000, 10_000),
    block(61_7_7010_0000, 10_000),
    block(61_8_5550_0000, 10_000),
    block(61_8_7010_0000, 10_000),
];

static IE: [Block; 1] = [block(353_20_910_0000, 100_000)];

/// The area codes of the US states and the District of Columbia.
static US_AREAS: [u16; 359] = [
    201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 220, 223,
    224, 225, 227, 228, 229, 231, 234, 235, 239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267,
    269, 270, 272, 274, 276, 279, 281, 283, 301, 302, 303, 304, 305, 307, 308, 309, 310, 312, 313,
    314, 315, 316, 317, 318, 319, 320, 321, 323, 324, 325, 326, 327, 329, 330, 331, 332, 334, 336,
    337, 339, 341, 346, 347, 350, 351, 352, 353, 360, 361, 363, 364, 369, 380, 385, 386, 401, 402,
    404, 405, 406, 407, 408, 409, 410, 412, 413, 414, 415, 417, 419, 423, 424, 425, 430, 432, 434,
    435, 440, 442, 443, 445, 447, 448, 458, 463, 464, 469, 470, 472, 475, 478, 479, 480, 484, 501,
    502, 503, 504, 505, 507, 508, 509, 510, 512, 513, 515, 516, 517, 518, 520, 530, 531, 534, 539,
    540, 541, 551, 557, 559, 561, 562, 563, 564, 567, 570, 571, 572, 573, 574, 575, 580, 582, 585,
    586, 601, 602, 603, 605, 606, 607, 608, 609, 610, 612, 614, 615, 616, 617, 618, 619, 620, 623,
    626, 628, 629, 630, 631, 636, 640, 641, 645, 646, 650, 651, 656, 657, 659, 660, 661, 662, 667,
    669, 678, 680, 681, 682, 686, 689, 701, 702, 703, 704, 706, 707, 708, 712, 713, 714, 715, 716,
    717, 718, 719, 720, 724, 725, 726, 727, 728, 730, 731, 732, 734, 737, 738, 740, 743, 747, 748,
    754, 757, 760, 762, 763, 765, 769, 770, 771, 772, 773, 774, 775, 779, 781, 785, 786, 801, 802,
    803, 804, 805, 806, 808, 810, 812, 813, 814, 815, 816, 817, 818, 820, 821, 826, 828, 830, 831,
    832, 835, 838, 839, 840, 843, 845, 847, 848, 850, 854, 856, 857, 858, 859, 860, 862, 863, 864,
    865, 870, 872, 878, 901, 903, 904, 906, 907, 908, 909, 910, 912, 913, 914, 915, 916, 917, 918,
    919, 920, 925, 928, 929, 930, 931, 934, 936, 937, 938, 940, 941, 943, 945, 947, 948, 949, 951,
    952, 954, 956, 959, 970, 971, 972, 973, 975, 978, 979, 980, 983, 984, 985, 986, 989,
];

/// The area codes of the Canadian provinces and territories.
static CA_AREAS: [u16; 56] = [
    204, 226, 236, 249, 250, 257, 263, 273, 289, 306, 343, 354, 365, 367, 368, 382, 403, 416, 418,
    428, 431, 437, 438, 450, 468, 474, 506, 514, 519, 548, 579, 581, 584, 587, 604, 613, 639, 647,
    672, 683, 705, 709, 742, 753, 778, 780, 782, 807, 819, 825, 867, 873, 879, 902, 905, 942,
];
