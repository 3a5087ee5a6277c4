//! A buffer for encoders that keep their writer: the bytes are taken through another handle.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

/// Bytes that were written and not yet taken. Clones share them.
#[derive(Clone, Default)]
pub(super) struct SharedBuffer(Rc<RefCell<Vec<u8>>>);

impl SharedBuffer {
    /// The bytes since the last call.
    pub(super) fn take(&self) -> Vec<u8> {
        self.0.take()
    }
}

impl Write for SharedBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
