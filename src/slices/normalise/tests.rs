//! Heads made by the tests: a bright disc on noisy air.

use super::*;

/// A disc with this grey level in a picture of 200 x 200, on air with grey levels from 0 to 9, mostly 3.
fn disc(centre: (f32, f32), radius: f32, brightness: u8) -> Raster {
    Raster::from_fn(200, 200, |x, y| {
        let away = (x as f32 - centre.0).hypot(y as f32 - centre.1);
        if away <= radius { brightness } else { [0, 1, 2, 3, 3, 3, 4, 5, 6, 8, 9][(x * 7 + y * 13) % 11] }
    })
}

fn at(raster: &Raster, x: usize, y: usize) -> u8 {
    raster.pixels()[y * raster.width() + x]
}

#[test]
fn the_head_fills_the_frame_at_any_position() {
    let here = normalise_volume(&[disc((70.0, 80.0), 50.0, 90)], 64);
    let there = normalise_volume(&[disc((110.0, 105.0), 80.0, 200)], 64);
    let bright = |raster: &Raster| raster.pixels().iter().filter(|&&pixel| pixel > 128).count() as f32;
    assert!((bright(&here[0]) / bright(&there[0]) - 1.0).abs() < 0.03);
    assert!((f32::from(at(&here[0], 32, 32)) - TISSUE_WHITE).abs() <= 1.0);
    assert!((f32::from(at(&there[0], 32, 32)) - TISSUE_WHITE).abs() <= 1.0);
}

#[test]
fn air_becomes_black() {
    let made = normalise_volume(&[disc((100.0, 100.0), 60.0, 100)], 64);
    assert_eq!(at(&made[0], 0, 0), 0);
    assert_eq!(at(&made[0], 63, 2), 0);
}

#[test]
fn all_slices_have_one_gain() {
    let made = normalise_volume(&[disc((100.0, 100.0), 60.0, 200), disc((100.0, 100.0), 60.0, 100)], 32);
    let (bright, dark) = (f32::from(at(&made[0], 16, 16)), f32::from(at(&made[1], 16, 16)));
    assert!((bright / dark - 2.0).abs() < 0.03);
}

#[test]
fn dots_and_bands_beside_the_head_do_not_move_the_frame() {
    let plain = disc((100.0, 90.0), 60.0, 120);
    let marked = Raster::from_fn(200, 200, |x, y| {
        let dot = (4..10).contains(&x) && (88..95).contains(&y);
        let band = (178..186).contains(&y);
        if dot || band { 255 } else { at(&plain, x, y) }
    });
    assert_eq!(Framing::of(&[marked]).square, Framing::of(&[plain]).square);
}

#[test]
fn a_head_at_the_border_keeps_its_shape() {
    let framing = Framing::of(&[disc((100.0, 100.0), 99.0, 120)]);
    assert!(framing.square.left < 0 && framing.square.side > 200);
}

#[test]
fn the_mask_stays_on_the_tumour() {
    let tumour = |x: usize, y: usize| (90..110).contains(&x) && (60..80).contains(&y);
    let slice = disc((100.0, 90.0), 60.0, 100);
    let slice = Raster::from_fn(200, 200, |x, y| if tumour(x, y) { 200 } else { at(&slice, x, y) });
    let mask = Raster::from_fn(200, 200, |x, y| if tumour(x, y) { 255 } else { 0 });
    let framing = Framing::of(std::slice::from_ref(&slice));
    let (image, mask) = (framing.apply(&slice, 64), framing.apply_mask(&mask, 64));
    let brightest = framing.gain * 150.0;
    for (pixel, tumour) in image.pixels().iter().zip(mask.pixels()) {
        assert_eq!(f32::from(*pixel) > brightest, *tumour > 127);
    }
}

#[test]
fn black_slices_stay_black() {
    let black = Raster::from_fn(40, 30, |_, _| 0);
    let made = normalise_volume(&[black], 16);
    assert!(made[0].pixels().iter().all(|&pixel| pixel == 0));
    assert!(normalise_volume(&[], 16).is_empty());
}
