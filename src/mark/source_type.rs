//! The origin of a picture in machine-readable form: the IPTC property `DigitalSourceType`, in an XMP packet.
//!
//! The terms are those of the IPTC vocabulary <https://cv.iptc.org/newscodes/digitalsourcetype/>. In a PNG the packet is an
//! `iTXt` chunk without compression (XMP specification part 3, ISO 16684).

use super::{SOFTWARE, is_own_software};

/// Keyword of the chunk that holds XMP in a PNG.
pub const XMP_KEYWORD: &str = "XML:com.adobe.xmp";

/// Where the pixels of a picture come from. A picture without generated pixels has none of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceType {
    /// All pixels that show something are a generator's: a scan, its mask, a sheet or a film of scans.
    TrainedAlgorithmicMedia,
    /// Generated scans beside other elements: real scans, or drawn words.
    CompositeSynthetic,
}

impl SourceType {
    /// Address of the term, which is also its identifier. It begins with `http:`, as IPTC writes it.
    pub fn uri(self) -> &'static str {
        match self {
            SourceType::TrainedAlgorithmicMedia => {
                "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
            }
            SourceType::CompositeSynthetic => "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic",
        }
    }

    /// The XMP packet. It is read-only, because a program that changes a PNG writes all chunks again.
    pub fn xmp(self) -> String {
        let uri = self.uri();
        format!(
            r#"<?xpacket begin="{BOM}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
   <Iptc4xmpExt:DigitalSourceType>{uri}</Iptc4xmpExt:DigitalSourceType>
   <xmp:CreatorTool>{SOFTWARE}</xmp:CreatorTool>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"#
        )
    }

    /// Whether this is the packet of this term, written by any version of this program.
    pub fn is_xmp(self, text: &str) -> bool {
        let packet = self.xmp();
        let (before, after) = packet.split_once(SOFTWARE).unwrap_or_default();
        text.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).is_some_and(is_own_software)
    }
}

/// The byte order mark that XMP asks for, by which a reader recognises UTF-8.
const BOM: char = '\u{feff}';
