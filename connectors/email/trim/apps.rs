//! The words of the footer an app adds: "Sent from my phone". All in lower case, lists kept as `a | b`.

use std::sync::LazyLock;

use super::vocabulary::split;

/// How such a footer begins. A patron's sentence may begin alike: it is one only if it names a device or a program too.
pub static APPS: LazyLock<Vec<&str>> = LazyLock::new(|| split(APPS_TEXT));

/// Devices and programs, as they stand in words of any language.
pub static PROGRAMS: LazyLock<Vec<&str>> = LazyLock::new(|| split(PROGRAMS_TEXT));

/// Short names, which count only as words of their own.
pub const PROGRAM_WORDS: [&str; 13] =
    ["app", "ios", "mac", "o2", "lg", "htc", "gmx", "aol", "moto", "pixel", "handy", "gsm", "webmail"];

/// Footers of programs whose names mean something else too.
pub const WHOLE_APPS: [&str; 8] = [
    "sent from front",
    "sent from spark",
    "sent from canary",
    "sent from mail",
    "sent from hey",
    "sent via superhuman",
    "sent from nine",
    "sent with spark",
];

/// Footers that ask to be excused go on behind the name of the device.
pub const EXCUSES: [&str; 8] =
    ["excuse", "typo", "brevity", "tippfehler", "kürze", "fautes", "disculp", "errori di battitura"];

/// When something was sent, which a person says and no footer does.
pub const PAST: [&str; 14] = [
    "ago",
    "yesterday",
    "last",
    "week",
    "monday",
    "gestern",
    "montag",
    "hier",
    "ieri",
    "ayer",
    "igår",
    "gisteren",
    "wczoraj",
    "ontem",
];

/// How German footers that begin with "von" end.
pub const GERMAN_SENT: [&str; 5] = ["gesendet", "geschickt", "gesandt", "versendet", "verschickt"];

/// Words of what lawyers and virus scanners put below a signature.
pub const DISCLAIMERS: [&str; 14] = [
    "confidential",
    "vertraulich",
    "confidentiel",
    "confidencial",
    "riservat",
    "vertrouwelijk",
    "virus",
    "intended",
    "unsubscribe",
    "disclaimer",
    "privileged",
    "registered",
    "subscribed",
    "http",
];

const APPS_TEXT: &str = "\
sent from my | sent from mail | sent from outlook | sent from yahoo | sent from aol | sent from proton |
sent from samsung | sent from the | sent from iphone | sent from ipad | sent from android | sent from gmail |
sent from workspace | sent via | sent with | sent using | get outlook for | get bluemail | download outlook |
yahoo mail: search | gesendet von | gesendet mit | gesendet aus | von meinem |
diese nachricht wurde von meinem | outlook für | envoyé de mon | envoyé depuis | envoyé à partir de |
envoyé avec | envoyé par mon | envoyé via | obtenez outlook | télécharger outlook | enviado desde |
enviado de mi | enviado do meu | enviado pelo meu | enviado a partir do | enviado del | enviado via |
obtener outlook | obter o outlook | obtenha o outlook | inviato da | inviato dal mio | inviato dall | inviato dalla |
inviato con | scarica outlook | ottieni outlook | verzonden vanaf | verzonden vanuit | verstuurd vanaf | verzonden met |
verstuurd met | verzonden via | outlook voor | download outlook voor | enviat des de | skickat från | skickad från |
 sendt fra | sendt frå | sendt via | hent outlook | hämta outlook | få outlook | lähetetty |
hanki outlook | wysłane z | wysłano z | pobierz program outlook | odesláno z | odoslané z | poslano z |
poslano s | poslano sa | poslato sa | elküldve | küldve az | az iphone | trimis de pe | trimis din |
отправлено с | отправлено из | надіслано з | надіслано із |
изпратено от | στάλθηκε από | 发自我的 | 發自我的 | 從我的 | 傳送自 |
gửi từ | holen sie sich outlook | obtén outlook | versendet mit | versendet von | von unterwegs |
trimis cu | skickat med | skickades från | sendt med | wysłano za | enviat amb | odesláno pomocí |
отправлено через | saadetud minu | nosūtīts no | išsiųsta iš | dikirim dari | נשלח מה |
أُرسلت من | iphone'umdan | ipad'imden | bidali | stáhnout outlook | získat outlook |
загрузить outlook | получить outlook | 获取 outlook | 取得 outlook | outlook dla | obtenir outlook |
downloaden outlook | pobierz aplikację outlook | outlook for | anfonwyd o | ส่งจาก | أرسلت من | enviat des del |
відправлено з | изпратено с";

const PROGRAMS_TEXT: &str = "\
iphon | ipad | ipod | android | outlook | samsung | galaxy | huawei | xiaomi | redmi | oneplus | nokia | xperia |
motorola | nexus | lumia | blackberry | windows | macbook | imac | chromebook | kindle | yahoo | gmail |
proton | thunderbird | bluemail | blue mail | k-9 | fairemail | tutanota | tuta mail | airmail | superhuman |
mailspring | mailbird | em client | zoho | web.de | mail.ru | posteo | hushmail | fastmail | workspace |
from mail for | mail app | mail orange | verizon | t-mobile | phone | telefon | téléphone | teléfono |
mobil | tablet | celular | móvil | telemóvel | puhelim | komórk | applicati | aplicaci |
телефон | смартфон | планшет | мобильн | κινητ | 手机 | 手機 | 携帯 | スマホ | 휴대폰 | 핸드폰";
