//! Removes names from the programs of the site, limits the memory of the reader, and rebuilds the page when its texts change.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // A macro reads the texts. Cargo does not know which files a macro reads.
    if std::env::var_os("CARGO_FEATURE_UI").is_some() {
        println!("cargo::rerun-if-changed=locales");
    }
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|target| target == "wasm32") {
        // The names of functions are a fifth of a program. wasm-bindgen reads the list of WebAssembly features.
        println!("cargo::rustc-link-arg-bins=--strip-all");
        println!("cargo::rustc-link-arg-bins=--keep-section=target_features");
        if std::env::var_os("CARGO_FEATURE_READER").is_some() {
            // 256 MiB in bytes. The reader opens files of unknown origin.
            println!("cargo::rustc-link-arg-bin=reader=--max-memory=268435456");
        }
    }
}
