//! The words mail programs put around a quote, by language. All in lower case, lists kept as `a | b`.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a label in a header block names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Who wrote it.
    From,
    /// When.
    Date,
    /// To whom.
    To,
    /// About what.
    Subject,
    /// Copies, answers, importance: allowed in a block, proof of nothing.
    Other,
}

/// English, German, French, Spanish, Portuguese, Italian, Dutch, Catalan, Swedish, Danish, Norwegian, Finnish, Icelandic,
/// Polish, Czech, Slovak, Hungarian, Romanian, Russian, Ukrainian, Bulgarian, Greek, Turkish, Croatian, Serbian, Slovene,
/// Estonian, Latvian, Lithuanian, Japanese, Chinese, Korean, Vietnamese, Indonesian, Hebrew, Arabic.
pub static LABELS: LazyLock<HashMap<&str, Label>> = LazyLock::new(|| {
    let lists = [
        (Label::Other, OTHERS),
        (Label::Subject, SUBJECTS),
        (Label::To, RECIPIENTS),
        (Label::Date, DATES),
        (Label::From, SENDERS),
    ];
    // A word that means two things in two languages counts as the last one here.
    let pairs =
        lists.into_iter().flat_map(|(label, list)| split(list).into_iter().map(move |name| (name, label)));
    pairs.collect()
});

/// Words that end an attribution.
pub static VERBS: LazyLock<Vec<&str>> = LazyLock::new(|| split(VERBS_TEXT));

/// Verbs that stand before the name: "On … schreef Ana <ana@example.org>:".
pub static MIDDLE_VERBS: LazyLock<Vec<&str>> = LazyLock::new(|| split(MIDDLE_VERBS_TEXT));

/// Words that begin an attribution.
pub static STARTERS: LazyLock<Vec<&str>> = LazyLock::new(|| split(STARTERS_TEXT));

/// What stands between the dashes above an original mail. Forwarded mails are not here: they are what one should read.
pub static ORIGINALS: LazyLock<Vec<&str>> = LazyLock::new(|| split(ORIGINALS_TEXT));

/// How the signature an app adds begins.
pub static APPS: LazyLock<Vec<&str>> = LazyLock::new(|| split(APPS_TEXT));

/// Subject prefixes of a forwarded mail.
pub static FORWARDS: LazyLock<Vec<&str>> = LazyLock::new(|| split(FORWARDS_TEXT));

fn split(list: &'static str) -> Vec<&'static str> {
    list.split('|').map(str::trim).collect()
}

const SENDERS: &str = "\
from | von | de | da | van | från | fra | lähettäjä | frá | od | feladó | de la | expéditeur | remitente |
mittente | от | от кого | від | від кого | από | kimden | gönderen | šalje | шаље |
saatja | kellelt | no | nuo | 差出人 | 送信者 | 发件人 | 發件人 | 寄件者 | 寄件人 |
보낸 사람 | 보낸사람 | 발신 | từ | dari | מאת | من";

const DATES: &str = "\
date | sent | gesendet | datum | envoyé | envoyé le | envoyée | enviado | enviado el | enviada | enviado em |
enviada em | fecha | data | data/ora | inviato | inviato il | verzonden | verstuurd | enviat | skickat | sendt |
dato | lähetetty | päivämäärä | päiväys | sent at | wysłano | wysłane | odesláno | odoslané | dátum |
küldve | elküldve | küldés ideje | trimis | trimisă | отправлено | дата | надіслано |
изпратено | στάλθηκε | ημερομηνία | tarih | gönderme tarihi | gönderildi |
gönderilen | poslano | poslato | послато | saadetud | kuupäev | nosūtīts | datums | išsiųsta |
送信日時 | 日付 | 日時 | 发送时间 | 发送日期 | 發送時間 | 傳送日期 | 寄件日期 |
日期 | 时间 | 보낸 날짜 | 날짜 | 보낸 시간 | đã gửi | ngày | terkirim | tanggal | dikirim |
נשלח | תאריך | תם | التاريخ | تم الإرسال | أُرسلت | message du | mensaje del |
messaggio del";

const RECIPIENTS: &str = "\
to | an | à | a | pour | para | per | per a | aan | till | til | vastaanottaja | kenelle | do | komu | címzett |
către | catre | destinataire | destinatario | destinatário | кому | до | προς | kime | alıcı | za |
prima | прима | adressaat | kellele | kam | 宛先 | 收件人 | 收件者 | 받는 사람 | 받는사람 |
수신 | tới | đến | kepada | ke | אל | إلى";

const SUBJECTS: &str = "\
subject | betreff | objet | sujet | asunto | assunto | oggetto | onderwerp | assumpte | ämne | emne | aihe |
efni | temat | předmět | predmet | tárgy | subiect | subiectul | тема | относно | θέμα | konu |
предмет | zadeva | teema | tēma | tema | 件名 | 主题 | 主題 | 主旨 | 标题 | 제목 |
chủ đề | tiêu đề | subjek | perihal | נושא | الموضوع";

const OTHERS: &str = "\
cc | bcc | reply-to | reply to | importance | priority | attachments | kopie | kopia | kopi | kopio | copie |
copie à | copia | cópia | antwort an | répondre à | responder a | rispondi a | dw | udw | копия |
копія | κοιν | bilgi | 抄送 | 副本 | 참조 | wichtigkeit | anlagen | pièces jointes |
organization | organisation";

const VERBS_TEXT: &str = "\
wrote | writes | a écrit | à écrit | a ecrit | écrivait | a envoyé | schrieb | schrieb am | geschrieben |
schreibt | escribió | escribio | ha escrit | va escriure | escribiu | escreveu | ha scritto | scrisse | scrive |
schreef | het volgende geschreven | volgende geschreven | heeft geschreven | skrev | skrev följande | skrifaði |
kirjoitti | napisał(a) | napisał | napisała | napisa(a) | pisze | napsal(a) | napsal | napsala | napísal(a) |
napísal | napísala | írta | ezt írta | a scris | написал(а) | написал | написала |
пишет | писал(а) | написав(ла) | написав | написала(-в) | пише |
написа | έγραψε | yazdı | şunları yazdı | je napisao | je napisala | je napisao/la | kirjutas |
rakstīja | rašė | 写道 | 寫道 | đã viết | menulis | כתב | said | says | verzond |
odesílatel napsal | ha escrito | napisao je | napisala je | napisao/la je | şunu yazdı | 님이 작성 |
작성 | のメール | さんは書きました | が書きました | さんが書きました | 写到 |
viết | כתב/ה | skriver | rašo | a scrisă | a trimis | napisala | napisao | napisal";

const MIDDLE_VERBS_TEXT: &str = "\
 schreef | schrieb | skrev | escribió | escreveu | scritto | a écrit | writes | kirjoitti |
 ezt írta | kirjutas | skrifaði | wrote on | כתב | كتب | napsal | napisał | missatge de |
 wrote (";

const STARTERS_TEXT: &str = "\
on | at | am | um | le | el | il | in data | op | em | no dia | den | på | w dniu | dnia | dne | dňa | v | la |
în data de | pe | στις | στισ | в | у | на | ngày | vào | pada | em data | a las | al | de | die |
il giorno | le jour | data | date | tarihinde | ב- | בתאריך | في | dana | dne: | ons | missatge de |
þann | mesaj | vào lúc | kontakt | dňa: | tal | dia | em:";

const ORIGINALS_TEXT: &str = "\
original message | original appointment | original mail | original email | reply message | replied message |
ursprüngliche nachricht | originalnachricht | original-nachricht | urspr. nachricht | originalmessage |
message d'origine | message d’origine | message original | message initial | mensaje original |
mensagem original | messaggio originale | messaggio originario | oorspronkelijk bericht | origineel bericht |
missatge original | ursprungligt meddelande | originalmeddelande | oprindelig meddelelse | oprindelig besked |
original meddelelse | opprinnelig melding | original melding | alkuperäinen viesti | wiadomość oryginalna |
oryginalna wiadomość | původní zpráva | pôvodná správa | eredeti üzenet | mesaj original |
исходное сообщение | оригинальное сообщение |
вихідне повідомлення | αρχικό μήνυμα | orijinal mesaj | özgün ileti |
元のメッセージ | 原始邮件 | 原始郵件 | 원본 메시지 | originele bericht |
originální zpráva | originalna poruka | izvorna poruka | izvorno sporočilo | orijinal e-posta | thư gốc |
tin nhắn gốc | pesan asli | הודעה מקורית | الرسالة الأصلية | 原邮件 |
원본 메일 | 원본메일 | 원본메세지 | algne kiri | originaalkiri | sākotnējais ziņojums |
pirminis pranešimas | mesajul original | оригинално съобщение | upprunaleg skilaboð |
jatorrizko mezua | mensaxe orixinal | ursprungligt mail | originalmail | ursprüngliche mail |
ursprüngliche e-mail | originele e-mail";

const APPS_TEXT: &str = "\
sent from my | sent from mail | sent from outlook | sent from yahoo | sent from aol | sent from proton |
sent from samsung | sent from the | sent from iphone | sent from ipad | sent from android | sent from gmail |
sent from workspace | sent via | sent with | sent using | get outlook for | get bluemail | download outlook |
yahoo mail: search | gesendet von | gesendet mit | gesendet aus | von meinem |
diese nachricht wurde von meinem | outlook für | envoyé de mon | envoyé depuis | envoyé à partir de |
envoyé avec | envoyé par mon | envoyé via | obtenez outlook | télécharger outlook | enviado desde |
enviado de mi | enviado do meu | enviado pelo meu | enviado a partir do | enviado del | enviado via |
obtener outlook | obter o outlook | obtenha o outlook | inviato da | inviato dal mio | inviato dall | inviato dalla |
inviato con | scarica outlook | ottieni outlook | verzonden vanaf | verstuurd vanaf | verzonden met |
verstuurd met | verzonden via | outlook voor | download outlook voor | enviat des de | skickat från |
 sendt fra | sendt frå | sendt via | hent outlook | hämta outlook | få outlook | lähetetty |
hanki outlook | wysłane z | wysłano z | pobierz program outlook | odesláno z | odoslané z | poslano z |
poslano s | poslano sa | poslato sa | elküldve | az iphone | trimis de pe | trimis din |
отправлено с | отправлено из | надіслано з | надіслано із |
изпратено от | στάλθηκε από | 发自我的 | 發自我的 | 從我的 | 傳送自 |
gửi từ | holen sie sich outlook | obtén outlook | versendet mit | versendet von | von unterwegs |
trimis cu | skickat med | skickades från | sendt med | wysłano za | enviat amb | odesláno pomocí |
отправлено через | saadetud minu | nosūtīts no | išsiųsta iš | dikirim dari | נשלח מה |
أُرسلت من | iphone'umdan | ipad'imden | bidali";

const FORWARDS_TEXT: &str = "\
fwd | fw | wg | tr | rv | i | doorst | enc | vs | vb | pd | továbbítás | fwd. | ilt | 转发 | 轉寄";
