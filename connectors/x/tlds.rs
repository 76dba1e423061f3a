//! The ends of domain names by which X knows a link without `https://` before it. There are more than a thousand; those
//! that people write without a protocol are here. One that is missing makes an answer count longer than X counts it when it
//! is longer than 23, and never lets a too long one through when it is shorter by less than the difference.

/// ISO 3166 and its relatives, in pairs of letters.
const COUNTRIES: &str = "acadaeafagaialamaoaqarasatauawaxazbabbbdbebfbgbhbibjbmbnbobrbsbtbwbybzcacccdcfcgchcickclcmcncocrcucvcwcxcyczdedjdkdmdodzeceeegereseteufifjfkfmfofrgagbgdgegfggghglgmgngpgqgrgsgtgugwgyhkhmhnhrhthuidieiliminioiqirisitjejmjojpkekgkhkikmknkpkrkwkykzlalblclilklrlsltlulvlymamcmdmemgmhmkmlmmmnmompmqmrmsmtmumvmwmxmymznancnenfngnlnonpnrnunzompapepfpgphpkplpmpnprpsptpwpyqarerorsrurwsasbscsdsesgshsiskslsmsnsosrssstsusvsxsysztctdtftgthtjtktltmtntotrtttvtwtzuaugukusuyuzvavcvevgvivnvuwfwsyeytzazmzw";

/// Of the others.
const GENERIC: &[&str] = &[
    "academy",
    "agency",
    "app",
    "art",
    "asia",
    "audio",
    "beauty",
    "berlin",
    "bible",
    "bio",
    "biz",
    "blog",
    "boutique",
    "business",
    "cafe",
    "care",
    "cat",
    "center",
    "cloud",
    "club",
    "coach",
    "codes",
    "coffee",
    "college",
    "com",
    "community",
    "company",
    "coop",
    "day",
    "design",
    "dev",
    "digital",
    "directory",
    "earth",
    "edu",
    "education",
    "email",
    "energy",
    "events",
    "expert",
    "family",
    "film",
    "finance",
    "fm",
    "foundation",
    "fun",
    "fund",
    "gallery",
    "games",
    "garden",
    "global",
    "gov",
    "green",
    "group",
    "guide",
    "guru",
    "health",
    "help",
    "history",
    "house",
    "info",
    "institute",
    "int",
    "international",
    "jobs",
    "kids",
    "land",
    "law",
    "legal",
    "life",
    "link",
    "live",
    "london",
    "love",
    "ltd",
    "market",
    "media",
    "mil",
    "mobi",
    "money",
    "movie",
    "museum",
    "music",
    "name",
    "net",
    "network",
    "news",
    "ngo",
    "ninja",
    "nyc",
    "one",
    "ong",
    "online",
    "org",
    "page",
    "paris",
    "photo",
    "photos",
    "place",
    "plus",
    "post",
    "press",
    "pro",
    "pub",
    "review",
    "reviews",
    "school",
    "science",
    "scot",
    "services",
    "shop",
    "site",
    "social",
    "solutions",
    "space",
    "store",
    "studio",
    "study",
    "support",
    "swiss",
    "systems",
    "tech",
    "technology",
    "tel",
    "tips",
    "today",
    "tools",
    "top",
    "town",
    "travel",
    "university",
    "uno",
    "vote",
    "wales",
    "watch",
    "website",
    "wien",
    "wiki",
    "work",
    "works",
    "world",
    "xyz",
    "zone",
];

/// Whether a name that ends so is one.
pub fn is_known(end: &str) -> bool {
    is_country(end) || GENERIC.binary_search(&end.to_ascii_lowercase().as_str()).is_ok()
}

/// Whether it is a country's.
fn is_country(end: &str) -> bool {
    let end = end.to_ascii_lowercase();
    end.len() == 2 && COUNTRIES.as_bytes().chunks_exact(2).any(|pair| pair == end.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_in_order_and_whole() {
        assert!(GENERIC.is_sorted() && COUNTRIES.len().is_multiple_of(2));
        for end in ["org", "ORG", "museum", "uk", "jp", "co", "tv", "info", "scot"] {
            assert!(is_known(end), "{end}");
        }
        assert!(!is_known("example") && !is_known("of") && !is_known("is not"));
        assert!(is_country("de") && !is_country("com"));
    }
}
