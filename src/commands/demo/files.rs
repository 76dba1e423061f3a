//! The files that come with the stories.

/// The kind and the bytes of a file.
pub fn named(name: &str) -> (&'static str, Vec<u8>) {
    match name {
        "mill-lane.png" => ("image/png", include_bytes!("stories/mill-lane.png").to_vec()),
        "swollen-book.png" => ("image/png", include_bytes!("stories/swollen-book.png").to_vec()),
        "statement.pdf" => ("application/pdf", pdf(&STATEMENT)),
        _ => ("text/plain", SETTINGS.as_bytes().to_vec()),
    }
}

const STATEMENT: [&str; 4] = [
    "Fernhill & District Bank",
    "14 Nov  FERNHILL LIBRARIES ONLINE      6.00",
    "14 Nov  FERNHILL LIBRARIES ONLINE      6.00  (pending)",
    "15 Nov  GREENGROCER                    4.15",
];

const SETTINGS: &str =
    "material: PLA, green\nlayer: 0.2 mm\ninfill: 20 %\nmodel: gear.stl, 24 teeth, scale 0.1\n";

/// One page with a few lines (ISO 32000-1, 7.5): small enough to read.
fn pdf(lines: &[&str]) -> Vec<u8> {
    let mut words = String::from("BT /F1 12 Tf 60 760 Td 18 TL\n");
    for line in lines {
        let safe = line.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
        words += &format!("({safe}) Tj T*\n");
    }
    words += "ET";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{words}\nendstream", words.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>".to_owned(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        places.push(file.len());
        file += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let table = file.len();
    file += &format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1);
    for place in &places {
        file += &format!("{place:010} 00000 n \n");
    }
    file += &format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", places.len() + 1);
    file.into_bytes()
}
