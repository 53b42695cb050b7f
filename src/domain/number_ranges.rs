//! The number ranges that regulators reserve for films and tests, as data (our ruling).
//!
//! Published by NANPA (US, Canada, the Caribbean), Ofcom (GB), the Bundesnetzagentur (DE), ARCEP
//! (FR), PTS (SE), ACMA (AU) and ComReg (IE). Digits are grouped as a person reads a number:
//! calling code, area, subscriber.
#![expect(clippy::inconsistent_digit_grouping, reason = "telephone numbers are grouped by meaning")]

use serde::{Deserialize, Serialize};

use super::country::Country;

/// Which of a country's numbers reserved for fiction to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NumberKind {
    /// Those that pass a validator, landline or mobile, for a client that checks its numbers.
    #[default]
    Any,
    /// Mobile ones, or the same as `Any` in a country that reserves none. The British and French
    /// ones do not pass a validator.
    Mobile,
}

/// `size` consecutive numbers from `first` on.
pub(super) struct Block {
    first: u64,
    size: u64,
}

const fn block(first: u64, size: u64) -> Block {
    Block { first, size }
}

/// The numbers that a country reserves for fiction.
pub(super) enum ReservedNumbers {
    Blocks(&'static [Block]),
    /// 555-0100 to 555-0199 in each of these area codes of the North American plan.
    AreaCodes(&'static [u16]),
}

/// How many numbers the North American plan reserves in each area code.
const PER_AREA: u64 = 100;

impl ReservedNumbers {
    pub(super) fn of(country: Country, kind: NumberKind) -> Self {
        use NumberKind::{Any, Mobile};
        match (country, kind) {
            (Country::US, _) => Self::AreaCodes(&US_AREAS),
            (Country::CA, _) => Self::AreaCodes(&CA_AREAS),
            (Country::DO, _) => Self::AreaCodes(&[809, 829, 849]),
            (Country::JM, _) => Self::AreaCodes(&[658, 876]),
            (Country::PR, _) => Self::AreaCodes(&[787, 939]),
            (Country::GB, Any) => Self::Blocks(&GB),
            (Country::GB, Mobile) => Self::Blocks(&GB_MOBILE),
            (Country::DE, Any) => Self::Blocks(&DE),
            (Country::DE, Mobile) => Self::Blocks(&DE[DE_LANDLINES..]),
            (Country::FR, Any) => Self::Blocks(&FR),
            (Country::FR, Mobile) => Self::Blocks(&FR_MOBILE),
            (Country::SE, _) => Self::Blocks(&SE),
            (Country::AU, _) => Self::Blocks(&AU),
            (Country::IE, _) => Self::Blocks(&IE),
            _ => Self::Blocks(&[]),
        }
    }

    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Blocks(blocks) => blocks.iter().map(|block| block.size).sum(),
            Self::AreaCodes(areas) => areas.len() as u64 * PER_AREA,
        }
    }

    /// The number at `index`, or as an error how far `index` is beyond the last.
    pub(super) fn get(&self, mut index: u64) -> Result<u64, u64> {
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
                let area = usize::try_from(index / PER_AREA).ok().and_then(|at| areas.get(at));
                match area {
                    Some(&area) => {
                        Ok(1_000_555_0100 + u64::from(area) * 1_000_0000 + index % PER_AREA)
                    }
                    None => Err(index - self.len()),
                }
            }
        }
    }
}

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

/// The mobile blocks of Germany come after these.
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

/// The area codes of the US states and the District of Columbia without 274, 472 and 983, which are
/// so new that last year's validators reject 555 numbers in them.
static US_AREAS: [u16; 356] = [
    201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 220, 223,
    224, 225, 227, 228, 229, 231, 234, 235, 239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267,
    269, 270, 272, 276, 279, 281, 283, 301, 302, 303, 304, 305, 307, 308, 309, 310, 312, 313, 314,
    315, 316, 317, 318, 319, 320, 321, 323, 324, 325, 326, 327, 329, 330, 331, 332, 334, 336, 337,
    339, 341, 346, 347, 350, 351, 352, 353, 360, 361, 363, 364, 369, 380, 385, 386, 401, 402, 404,
    405, 406, 407, 408, 409, 410, 412, 413, 414, 415, 417, 419, 423, 424, 425, 430, 432, 434, 435,
    440, 442, 443, 445, 447, 448, 458, 463, 464, 469, 470, 475, 478, 479, 480, 484, 501, 502, 503,
    504, 505, 507, 508, 509, 510, 512, 513, 515, 516, 517, 518, 520, 530, 531, 534, 539, 540, 541,
    551, 557, 559, 561, 562, 563, 564, 567, 570, 571, 572, 573, 574, 575, 580, 582, 585, 586, 601,
    602, 603, 605, 606, 607, 608, 609, 610, 612, 614, 615, 616, 617, 618, 619, 620, 623, 626, 628,
    629, 630, 631, 636, 640, 641, 645, 646, 650, 651, 656, 657, 659, 660, 661, 662, 667, 669, 678,
    680, 681, 682, 686, 689, 701, 702, 703, 704, 706, 707, 708, 712, 713, 714, 715, 716, 717, 718,
    719, 720, 724, 725, 726, 727, 728, 730, 731, 732, 734, 737, 738, 740, 743, 747, 748, 754, 757,
    760, 762, 763, 765, 769, 770, 771, 772, 773, 774, 775, 779, 781, 785, 786, 801, 802, 803, 804,
    805, 806, 808, 810, 812, 813, 814, 815, 816, 817, 818, 820, 821, 826, 828, 830, 831, 832, 835,
    838, 839, 840, 843, 845, 847, 848, 850, 854, 856, 857, 858, 859, 860, 862, 863, 864, 865, 870,
    872, 878, 901, 903, 904, 906, 907, 908, 909, 910, 912, 913, 914, 915, 916, 917, 918, 919, 920,
    925, 928, 929, 930, 931, 934, 936, 937, 938, 940, 941, 943, 945, 947, 948, 949, 951, 952, 954,
    956, 959, 970, 971, 972, 973, 975, 978, 979, 980, 984, 985, 986, 989,
];

/// The area codes of the Canadian provinces and territories without 273, for the same reason.
static CA_AREAS: [u16; 55] = [
    204, 226, 236, 249, 250, 257, 263, 289, 306, 343, 354, 365, 367, 368, 382, 403, 416, 418, 428,
    431, 437, 438, 450, 468, 474, 506, 514, 519, 548, 579, 581, 584, 587, 604, 613, 639, 647, 672,
    683, 705, 709, 742, 753, 778, 780, 782, 807, 819, 825, 867, 873, 879, 902, 905, 942,
];
