//! Number types of samples in volumes.

/// Number type of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SampleType {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    I64,
    U64,
    F32,
    F64,
}

impl SampleType {
    /// Bytes of one sample: 1 to 8.
    pub(super) fn bytes(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 | Self::F64 => 8,
        }
    }

    /// The value of the sample in these bytes, as many as [`SampleType::bytes`].
    pub(super) fn value(self, bytes: &[u8], big_endian: bool) -> f32 {
        let mut b = [0; 8];
        b.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        if big_endian {
            b[..self.bytes()].reverse();
        }
        let (two, four) = ([b[0], b[1]], [b[0], b[1], b[2], b[3]]);
        match self {
            Self::I8 => f32::from(b[0] as i8),
            Self::U8 => f32::from(b[0]),
            Self::I16 => f32::from(i16::from_le_bytes(two)),
            Self::U16 => f32::from(u16::from_le_bytes(two)),
            Self::I32 => i32::from_le_bytes(four) as f32,
            Self::U32 => u32::from_le_bytes(four) as f32,
            Self::I64 => i64::from_le_bytes(b) as f32,
            Self::U64 => u64::from_le_bytes(b) as f32,
            Self::F32 => f32::from_le_bytes(four),
            Self::F64 => f64::from_le_bytes(b) as f32,
        }
    }
}
