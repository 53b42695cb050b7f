//! All countries as data: one row per country, read by [`country`](super::country) and
//! [`number_plan`](super::number_plan).
//!
//! A row is the ISO 3166-1 alpha-2 and alpha-3 codes, the ITU E.164 calling code, the number of
//! digits of a national mobile number, and the English short name. Codes are the 249 that ISO has
//! officially assigned; names follow Unicode CLDR, in its short form if there is one; lengths are
//! those of libphonenumber's example numbers. A territory without a numbering plan of its own has
//! that of the country that serves it. Rows are ordered by code.
//!
//! The last ten codes are user-assigned. Renting in one provokes an error on demand, for a client
//! whose country is all that can be changed (our ruling). They have US numbers, which every client
//! accepts.

/// How many rows are countries; those after them are the codes for errors on demand.
pub(super) const COUNTRIES: usize = 249;

/// One country.
pub(super) struct Row {
    pub(super) alpha2: &'static str,
    pub(super) alpha3: &'static str,
    pub(super) calling_code: u16,
    pub(super) mobile_len: u32,
    pub(super) name: &'static str,
}

/// Passes all rows to the macro of this name, so that the table here and the constants in
/// [`country`](super::country) come from the same text and cannot differ.
macro_rules! countries {
    ($macro:ident) => {
        $macro! {
            AD AND 376  6 "Andorra";
            AE ARE 971  9 "United Arab Emirates";
            AF AFG  93  9 "Afghanistan";
            AG ATG   1 10 "Antigua & Barbuda";
            AI AIA   1 10 "Anguilla";
            AL ALB 355  9 "Albania";
            AM ARM 374  8 "Armenia";
            AO AGO 244  9 "Angola";
            AQ ATA 672  6 "Antarctica";
            AR ARG  54 11 "Argentina";
            AS ASM   1 10 "American Samoa";
            AT AUT  43  9 "Austria";
            AU AUS  61  9 "Australia";
            AW ABW 297  7 "Aruba";
            AX ALA 358  9 "Åland Islands";
            AZ AZE 994  9 "Azerbaijan";
            BA BIH 387  8 "Bosnia & Herzegovina";
            BB BRB   1 10 "Barbados";
            BD BGD 880 10 "Bangladesh";
            BE BEL  32  9 "Belgium";
            BF BFA 226  8 "Burkina Faso";
            BG BGR 359  8 "Bulgaria";
            BH BHR 973  8 "Bahrain";
            BI BDI 257  8 "Burundi";
            BJ BEN 229 10 "Benin";
            BL BLM 590  9 "St. Barthélemy";
            BM BMU   1 10 "Bermuda";
            BN BRN 673  7 "Brunei";
            BO BOL 591  8 "Bolivia";
            BQ BES 599  7 "Caribbean Netherlands";
            BR BRA  55 11 "Brazil";
            BS BHS   1 10 "Bahamas";
            BT BTN 975  8 "Bhutan";
            BV BVT  47  8 "Bouvet Island";
            BW BWA 267  8 "Botswana";
            BY BLR 375  9 "Belarus";
            BZ BLZ 501  7 "Belize";
            CA CAN   1 10 "Canada";
            CC CCK  61  9 "Cocos (Keeling) Islands";
            CD COD 243  9 "Congo - Kinshasa";
            CF CAF 236  8 "Central African Republic";
            CG COG 242  9 "Congo - Brazzaville";
            CH CHE  41  9 "Switzerland";
            CI CIV 225 10 "Côte d'Ivoire";
            CK COK 682  5 "Cook Islands";
            CL CHL  56  9 "Chile";
            CM CMR 237  9 "Cameroon";
            CN CHN  86 11 "China";
            CO COL  57 10 "Colombia";
            CR CRI 506  8 "Costa Rica";
            CU CUB  53  8 "Cuba";
            CV CPV 238  7 "Cape Verde";
            CW CUW 599  8 "Curaçao";
            CX CXR  61  9 "Christmas Island";
            CY CYP 357  8 "Cyprus";
            CZ CZE 420  9 "Czechia";
            DE DEU  49 11 "Germany";
            DJ DJI 253  8 "Djibouti";
            DK DNK  45  8 "Denmark";
            DM DMA   1 10 "Dominica";
            DO DOM   1 10 "Dominican Republic";
            DZ DZA 213  9 "Algeria";
            EC ECU 593  9 "Ecuador";
            EE EST 372  8 "Estonia";
            EG EGY  20 10 "Egypt";
            EH ESH 212  9 "Western Sahara";
            ER ERI 291  7 "Eritrea";
            ES ESP  34  9 "Spain";
            ET ETH 251  9 "Ethiopia";
            FI FIN 358  9 "Finland";
            FJ FJI 679  7 "Fiji";
            FK FLK 500  5 "Falkland Islands";
            FM FSM 691  7 "Micronesia";
            FO FRO 298  6 "Faroe Islands";
            FR FRA  33  9 "France";
            GA GAB 241  8 "Gabon";
            GB GBR  44 10 "United Kingdom";
            GD GRD   1 10 "Grenada";
            GE GEO 995  9 "Georgia";
            GF GUF 594  9 "French Guiana";
            GG GGY  44 10 "Guernsey";
            GH GHA 233  9 "Ghana";
            GI GIB 350  8 "Gibraltar";
            GL GRL 299  6 "Greenland";
            GM GMB 220  7 "Gambia";
            GN GIN 224  9 "Guinea";
            GP GLP 590  9 "Guadeloupe";
            GQ GNQ 240  9 "Equatorial Guinea";
            GR GRC  30 10 "Greece";
            GS SGS 500  5 "South Georgia & South Sandwich Islands";
            GT GTM 502  8 "Guatemala";
            GU GUM   1 10 "Guam";
            GW GNB 245  9 "Guinea-Bissau";
            GY GUY 592  7 "Guyana";
            HK HKG 852  8 "Hong Kong";
            HM HMD 672  6 "Heard & McDonald Islands";
            HN HND 504  8 "Honduras";
            HR HRV 385  9 "Croatia";
            HT HTI 509  8 "Haiti";
            HU HUN  36  9 "Hungary";
            ID IDN  62  9 "Indonesia";
            IE IRL 353  9 "Ireland";
            IL ISR 972  9 "Israel";
            IM IMN  44 10 "Isle of Man";
            IN IND  91 10 "India";
            IO IOT 246  7 "British Indian Ocean Territory";
            IQ IRQ 964 10 "Iraq";
            IR IRN  98 10 "Iran";
            IS ISL 354  7 "Iceland";
            IT ITA  39 10 "Italy";
            JE JEY  44 10 "Jersey";
            JM JAM   1 10 "Jamaica";
            JO JOR 962  9 "Jordan";
            JP JPN  81 10 "Japan";
            KE KEN 254  9 "Kenya";
            KG KGZ 996  9 "Kyrgyzstan";
            KH KHM 855  8 "Cambodia";
            KI KIR 686  8 "Kiribati";
            KM COM 269  7 "Comoros";
            KN KNA   1 10 "St. Kitts & Nevis";
            KP PRK 850 10 "North Korea";
            KR KOR  82 10 "South Korea";
            KW KWT 965  8 "Kuwait";
            KY CYM   1 10 "Cayman Islands";
            KZ KAZ   7 10 "Kazakhstan";
            LA LAO 856 10 "Laos";
            LB LBN 961  8 "Lebanon";
            LC LCA   1 10 "St. Lucia";
            LI LIE 423  9 "Liechtenstein";
            LK LKA  94  9 "Sri Lanka";
            LR LBR 231  9 "Liberia";
            LS LSO 266  8 "Lesotho";
            LT LTU 370  8 "Lithuania";
            LU LUX 352  9 "Luxembourg";
            LV LVA 371  8 "Latvia";
            LY LBY 218  9 "Libya";
            MA MAR 212  9 "Morocco";
            MC MCO 377  9 "Monaco";
            MD MDA 373  8 "Moldova";
            ME MNE 382  8 "Montenegro";
            MF MAF 590  9 "St. Martin";
            MG MDG 261  9 "Madagascar";
            MH MHL 692  7 "Marshall Islands";
            MK MKD 389  8 "North Macedonia";
            ML MLI 223  8 "Mali";
            MM MMR  95  8 "Myanmar";
            MN MNG 976  8 "Mongolia";
            MO MAC 853  8 "Macao";
            MP MNP   1 10 "Northern Mariana Islands";
            MQ MTQ 596  9 "Martinique";
            MR MRT 222  8 "Mauritania";
            MS MSR   1 10 "Montserrat";
            MT MLT 356  8 "Malta";
            MU MUS 230  8 "Mauritius";
            MV MDV 960  7 "Maldives";
            MW MWI 265  9 "Malawi";
            MX MEX  52 10 "Mexico";
            MY MYS  60  9 "Malaysia";
            MZ MOZ 258  9 "Mozambique";
            NA NAM 264  9 "Namibia";
            NC NCL 687  6 "New Caledonia";
            NE NER 227  8 "Niger";
            NF NFK 672  6 "Norfolk Island";
            NG NGA 234 10 "Nigeria";
            NI NIC 505  8 "Nicaragua";
            NL NLD  31  9 "Netherlands";
            NO NOR  47  8 "Norway";
            NP NPL 977 10 "Nepal";
            NR NRU 674  7 "Nauru";
            NU NIU 683  7 "Niue";
            NZ NZL  64  9 "New Zealand";
            OM OMN 968  8 "Oman";
            PA PAN 507  8 "Panama";
            PE PER  51  9 "Peru";
            PF PYF 689  8 "French Polynesia";
            PG PNG 675  8 "Papua New Guinea";
            PH PHL  63 10 "Philippines";
            PK PAK  92 10 "Pakistan";
            PL POL  48  9 "Poland";
            PM SPM 508  6 "St. Pierre & Miquelon";
            PN PCN  64  9 "Pitcairn Islands";
            PR PRI   1 10 "Puerto Rico";
            PS PSE 970  9 "Palestine";
            PT PRT 351  9 "Portugal";
            PW PLW 680  7 "Palau";
            PY PRY 595  9 "Paraguay";
            QA QAT 974  8 "Qatar";
            RE REU 262  9 "Réunion";
            RO ROU  40  9 "Romania";
            RS SRB 381  9 "Serbia";
            RU RUS   7 10 "Russia";
            RW RWA 250  9 "Rwanda";
            SA SAU 966  9 "Saudi Arabia";
            SB SLB 677  7 "Solomon Islands";
            SC SYC 248  7 "Seychelles";
            SD SDN 249  9 "Sudan";
            SE SWE  46  9 "Sweden";
            SG SGP  65  8 "Singapore";
            SH SHN 290  5 "St. Helena";
            SI SVN 386  8 "Slovenia";
            SJ SJM  47  8 "Svalbard & Jan Mayen";
            SK SVK 421  9 "Slovakia";
            SL SLE 232  8 "Sierra Leone";
            SM SMR 378  8 "San Marino";
            SN SEN 221  9 "Senegal";
            SO SOM 252  8 "Somalia";
            SR SUR 597  7 "Suriname";
            SS SSD 211  9 "South Sudan";
            ST STP 239  7 "São Tomé & Príncipe";
            SV SLV 503  8 "El Salvador";
            SX SXM   1 10 "Sint Maarten";
            SY SYR 963  9 "Syria";
            SZ SWZ 268  8 "Eswatini";
            TC TCA   1 10 "Turks & Caicos Islands";
            TD TCD 235  8 "Chad";
            TF ATF 262  9 "French Southern Territories";
            TG TGO 228  8 "Togo";
            TH THA  66  9 "Thailand";
            TJ TJK 992  9 "Tajikistan";
            TK TKL 690  4 "Tokelau";
            TL TLS 670  8 "Timor-Leste";
            TM TKM 993  8 "Turkmenistan";
            TN TUN 216  8 "Tunisia";
            TO TON 676  7 "Tonga";
            TR TUR  90 10 "Türkiye";
            TT TTO   1 10 "Trinidad & Tobago";
            TV TUV 688  6 "Tuvalu";
            TW TWN 886  9 "Taiwan";
            TZ TZA 255  9 "Tanzania";
            UA UKR 380  9 "Ukraine";
            UG UGA 256  9 "Uganda";
            UM UMI   1 10 "U.S. Outlying Islands";
            US USA   1 10 "United States";
            UY URY 598  8 "Uruguay";
            UZ UZB 998  9 "Uzbekistan";
            VA VAT  39 10 "Vatican City";
            VC VCT   1 10 "St. Vincent & Grenadines";
            VE VEN  58 10 "Venezuela";
            VG VGB   1 10 "British Virgin Islands";
            VI VIR   1 10 "U.S. Virgin Islands";
            VN VNM  84  9 "Vietnam";
            VU VUT 678  7 "Vanuatu";
            WF WLF 681  6 "Wallis & Futuna";
            WS WSM 685  7 "Samoa";
            YE YEM 967  9 "Yemen";
            YT MYT 262  9 "Mayotte";
            ZA ZAF  27  9 "South Africa";
            ZM ZMB 260  9 "Zambia";
            ZW ZWE 263  9 "Zimbabwe";
            XN ___   1 10 "On demand: none left";
            XG ___   1 10 "On demand: ghost stock";
            XB ___   1 10 "On demand: insufficient balance";
            XR ___   1 10 "On demand: rate limited";
            XE ___   1 10 "On demand: internal error";
            XM ___   1 10 "On demand: maintenance";
            XT ___   1 10 "On demand: the reply comes after 35 s";
            XH ___   1 10 "On demand: hangs up without a reply";
            XS ___   1 10 "On demand: no SMS ever";
            XL ___   1 10 "On demand: SMS after 95 s";
        }
    };
}

macro_rules! table {
    ($($alpha2:ident $alpha3:ident $calling_code:literal $mobile_len:literal $name:literal;)*) => {
        /// Every country, in the order of the alpha-2 codes, then the codes for errors on demand.
        pub(super) static TABLE: &[Row] = &[$(Row {
            alpha2: stringify!($alpha2),
            alpha3: stringify!($alpha3),
            calling_code: $calling_code,
            mobile_len: $mobile_len,
            name: $name,
        }),*];
    };
}

countries!(table);

pub(super) use countries;
