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
/// Estonian, Latvian, Lithuanian, Japanese, Chinese, Korean, Vietnamese, Indonesian, Hebrew, Arabic, Welsh, Irish, Thai,
/// Persian.
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

/// What stands above a forwarded mail.
pub static FORWARDED: LazyLock<Vec<&str>> = LazyLock::new(|| split(FORWARDED_TEXT));

/// Words for people who know each other, as no program writes them. Small letters, so that no name is one of them.
pub static BETWEEN_PEOPLE: LazyLock<Vec<&str>> = LazyLock::new(|| split(BETWEEN_PEOPLE_TEXT));

/// Subject prefixes of a forwarded mail.
pub static FORWARDS: LazyLock<Vec<&str>> = LazyLock::new(|| split(FORWARDS_TEXT));

pub(super) fn split(list: &'static str) -> Vec<&'static str> {
    list.split('|').map(str::trim).collect()
}

const SENDERS: &str = "\
from | von | de | da | van | från | fra | lähettäjä | frá | od | feladó | de la | expéditeur | remitente |
mittente | от | от кого | від | від кого | από | kimden | gönderen | šalje | шаље |
saatja | kellelt | no | nuo | 差出人 | 送信者 | 发件人 | 發件人 | 寄件者 | 寄件人 |
보낸 사람 | 보낸사람 | 발신 | từ | dari | מאת | من | oddi wrth | ó | จาก | از";

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
messaggio del | anfonwyd | seolta | ส่ง | วันที่ | ارسال شده | تاریخ";

const RECIPIENTS: &str = "\
to | an | à | a | pour | para | per | per a | aan | till | til | vastaanottaja | kenelle | do | komu | címzett |
către | catre | destinataire | destinatario | destinatário | кому | до | προς | kime | alıcı | za |
prima | прима | adressaat | kellele | kam | 宛先 | 收件人 | 收件者 | 받는 사람 | 받는사람 |
수신 | tới | đến | kepada | ke | אל | إلى | at | chuig | ถึง | به";

const SUBJECTS: &str = "\
subject | betreff | objet | sujet | asunto | assunto | oggetto | onderwerp | assumpte | ämne | emne | aihe |
efni | temat | předmět | predmet | tárgy | subiect | subiectul | тема | относно | θέμα | konu |
предмет | zadeva | teema | tēma | tema | 件名 | 主题 | 主題 | 主旨 | 标题 | 제목 |
chủ đề | tiêu đề | subjek | perihal | נושא | الموضوع | pwnc | ábhar | เรื่อง | موضوع";

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
odesílatel napsal | نوشت | เขียนว่า | ने लिखा | је написао/ла | је написао | је написала | shkroi | ysgrifennodd | ha escrito | napisao je | napisala je | napisao/la je | şunu yazdı | 님이 작성 |
작성 | のメール | さんは書きました | が書きました | さんが書きました | 写到 |
viết | כתב/ה | skriver | rašo | a scrisă | a trimis | napisala | napisao | napisal";

const MIDDLE_VERBS_TEXT: &str = "\
 schreef | schrieb | skrev | escribió | escreveu | scritto | a écrit | writes | kirjoitti |
 ezt írta | kirjutas | skrifaði | idatzi du | wrote on | כתב | كتب | napsal | napisał | missatge de |
 wrote (";

const STARTERS_TEXT: &str = "\
on | at | am | um | le | el | il | in data | op | em | no dia | den | på | w dniu | dnia | dne | dňa | v | la |
în data de | pe | στις | στισ | в | у | на | ngày | vào | pada | em data | a las | al | de | die |
il giorno | le jour | data | date | tarihinde | ב- | בתאריך | في | dana | dne: | ons | missatge de |
þann | در تاریخ | เมื่อ | më | mesaj | vào lúc | kontakt | dňa: | tal | dia | em:";

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

const FORWARDS_TEXT: &str = "\
fwd | fw | wg | tr | rv | i | doorst | enc | vs | vb | pd | továbbítás | fwd. | ilt | 转发 | 轉寄";

const FORWARDED_TEXT: &str = "\
forwarded message | begin forwarded message | forwarded mail | forwarded email | forwarded letter |
weitergeleitete nachricht | anfang der weitergeleiteten nachricht | weitergeleitete e-mail |
message transféré | début du message transféré | début du message réexpédié | message transmis |
mensaje reenviado | inicio del mensaje reenviado | missatge reenviat | inici del missatge reenviat |
mensagem encaminhada | mensagem reencaminhada | início da mensagem encaminhada |
início da mensagem reencaminhada | messaggio inoltrato | inizio messaggio inoltrato |
inizio del messaggio inoltrato | doorgestuurd bericht | begin doorgestuurd bericht |
vidarebefordrat meddelande | vidarebefordrat brev | vidarebefordrat mejl | videresendt meddelelse |
videresendt besked | videresendt melding | start på videresendt besked | start på videresendt melding |
välitetty viesti | edelleenlähetetty viesti | wiadomość przekazana | przekazana wiadomość |
początek przekazywanej wiadomości | přeposlaná zpráva | preposlaná správa | továbbított üzenet |
továbbított levél | mesaj redirecționat | mesaj redirectionat | пересылаемое сообщение |
пересланное сообщение | начало переадресованного сообщения | переслане повідомлення |
переадресоване повідомлення | препратено съобщение | προωθημένο μήνυμα | iletilen ileti |
yönlendirilmiş mesaj | yönlendirilen ileti | proslijeđena poruka | prosleđena poruka | прослеђена порука |
posredovano sporočilo | edastatud kiri | edastatud sõnum | pārsūtīta ziņa | persiųstas laiškas |
転送メッセージ | 転送されたメッセージ | 转发的邮件 | 转发邮件 | 转发的消息 | 轉寄的郵件 |
전달된 메시지 | 전달된 메일 | thư chuyển tiếp | pesan terusan | הודעה שהועברה |
رسالة معاد توجيهها | الرسالة المعاد توجيهها";

const BETWEEN_PEOPLE_TEXT: &str = "\
my | your | our | his | her | their | me | us | mir | mich | uns | mein | meine | meiner | ihr | ihre |
ihrer | Ihr | Ihre | Ihrer | unser | unsere | eine | mon | ma | mes | votre | vos | notre | nous | mi | mis |
su | sus | nuestro | nuestra | mio | mia | vostro | vostra | suo | sua | meu | minha | mijn | onze | uw |
min | mitt | din | er | mój | moja | wasz | můj | moje | мой | моя | ваш | ваша";
