//! Anatomical planes, and frames that form a stack or do not.

use super::*;

fn plane(across: Vector, down: Vector, corner: Vector) -> ImagePlane {
    ImagePlane { across, down, corner: Some(corner), spacing: [1.0, 1.0] }
}

fn axial(height: f64) -> ImagePlane {
    plane([1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, height])
}

/// Frames of 2 x 2 pixels: ten times the number of the frame, plus the number of the pixel.
fn values(frames: usize) -> Vec<f32> {
    (0..frames * 4).map(|index| (index / 4 * 10 + index % 4) as f32).collect()
}

fn stacked(planes: &[ImagePlane]) -> Option<Vec<f32>> {
    stack([2, 2, planes.len()], planes, &values(planes.len())).map(|volume| volume.values)
}

#[test]
fn the_anatomical_plane_follows_from_the_normal() {
    let (left, back, up) = ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]);
    let planes = [(left, back, Plane::Axial), (left, up, Plane::Coronal), (back, up, Plane::Sagittal)];
    for (across, down, wanted) in planes {
        let minus = |vector: Vector| vector.map(|part| -part);
        for (across, down) in [(across, down), (down, across), (minus(across), down), (across, minus(down))] {
            let plane = plane(across, down, [1.0, 2.0, 3.0]);
            assert_eq!(plane.anatomical(), wanted);
            // The position grows in the same direction however the picture is turned.
            let axis = [Plane::Sagittal, Plane::Coronal, Plane::Axial].iter().position(|one| *one == wanted).unwrap();
            assert_eq!(plane.position(), Some((axis + 1) as f64));
        }
    }
}

#[test]
fn directions_far_from_unit_length_are_none() {
    assert!(unit([0.0; 3]).is_none() && unit([f64::NAN, 0.0, 0.0]).is_none() && unit([1e9, 0.0, 0.0]).is_none());
    assert_eq!(unit([0.0, -1.001, 0.0]), Some([0.0, -1.0, 0.0]));
}

#[test]
fn frames_in_any_order_become_one_volume() {
    let wanted = values(3);
    assert_eq!(stacked(&[axial(1.0), axial(2.0), axial(3.0)]).unwrap(), wanted);
    let turned = stacked(&[axial(3.0), axial(2.0), axial(1.0)]).unwrap();
    assert_eq!([turned[0], turned[4], turned[8]], [20.0, 10.0, 0.0]);
    let mixed = stacked(&[axial(2.0), axial(3.0), axial(1.0)]).unwrap();
    assert_eq!([mixed[0], mixed[4], mixed[8]], [20.0, 0.0, 10.0]);
    let volume = stack([2, 2, 2], &[axial(9.0), axial(5.0)], &values(2)).unwrap();
    assert_eq!((volume.spacing[2], volume.corner[2]), (4.0, 5.0));
}

#[test]
fn frames_that_do_not_form_a_stack_are_refused() {
    assert!(stacked(&[axial(1.0), axial(1.0)]).is_none(), "two moments of one place");
    assert!(stacked(&[axial(1.0), axial(2.0), axial(9.0)]).is_none(), "a hole");
    let tilted = plane([1.0, 0.0, 0.0], [0.0, 0.9, 0.43], [0.0; 3]);
    assert!(stacked(&[axial(1.0), tilted]).is_none(), "two directions");
    let nowhere = ImagePlane { corner: None, ..axial(0.0) };
    assert!(stacked(&[nowhere, nowhere]).is_none(), "no places");
    let infinite = ImagePlane { corner: Some([f64::MAX; 3]), ..axial(0.0) };
    assert!(stacked(&[infinite, axial(1.0)]).is_none());
    assert!(stack([2, 2, 0], &[], &[]).is_none());
    assert!(stack([2, 2, 3], &[axial(2.0), axial(3.0), axial(1.0)], &values(2)).is_none(), "too few pixels");
}

#[test]
fn a_single_frame_is_reoriented() {
    let around = plane([-1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0; 3]);
    assert_eq!(stacked(&[around]).unwrap(), [3.0, 2.0, 1.0, 0.0]);
    assert_eq!(stacked(&[ImagePlane { corner: None, ..around }]).unwrap(), [3.0, 2.0, 1.0, 0.0]);
}
