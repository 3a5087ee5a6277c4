//! Directions of the patient, and frames that lie behind each other or do not.

use super::*;

fn lie(across: Vector, down: Vector, corner: Vector) -> Lie {
    Lie { across, down, corner: Some(corner), spacing: [1.0, 1.0] }
}

fn axial(height: f64) -> Lie {
    lie([1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, height])
}

/// Frames of 2 x 2 whose pixels are ten times their number, and one more for each pixel.
fn values(frames: usize) -> Vec<f32> {
    (0..frames * 4).map(|index| (index / 4 * 10 + index % 4) as f32).collect()
}

fn stacked(lies: &[Lie]) -> Option<Vec<f32>> {
    stack([2, 2, lies.len()], lies, &values(lies.len())).map(|volume| volume.values)
}

#[test]
fn a_plane_is_named_by_what_it_looks_along() {
    let (left, back, up) = ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]);
    let planes = [(left, back, Plane::Axial), (left, up, Plane::Coronal), (back, up, Plane::Sagittal)];
    for (across, down, plane) in planes {
        let minus = |vector: Vector| vector.map(|part| -part);
        for (across, down) in [(across, down), (down, across), (minus(across), down), (across, minus(down))] {
            let lie = lie(across, down, [1.0, 2.0, 3.0]);
            assert_eq!(lie.plane(), plane);
            // However the picture is turned, up is up.
            let wanted = [Plane::Sagittal, Plane::Coronal, Plane::Axial].iter().position(|one| *one == plane).unwrap();
            assert_eq!(lie.position(), Some((wanted + 1) as f64));
        }
    }
}

#[test]
fn directions_without_length_are_none() {
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
fn frames_that_are_no_volume_are_left_as_they_are() {
    assert!(stacked(&[axial(1.0), axial(1.0)]).is_none(), "two moments of one place");
    assert!(stacked(&[axial(1.0), axial(2.0), axial(9.0)]).is_none(), "a hole");
    let tilted = lie([1.0, 0.0, 0.0], [0.0, 0.9, 0.43], [0.0; 3]);
    assert!(stacked(&[axial(1.0), tilted]).is_none(), "two directions");
    let nowhere = Lie { corner: None, ..axial(0.0) };
    assert!(stacked(&[nowhere, nowhere]).is_none(), "no places");
    let infinite = Lie { corner: Some([f64::MAX; 3]), ..axial(0.0) };
    assert!(stacked(&[infinite, axial(1.0)]).is_none());
    assert!(stack([2, 2, 0], &[], &[]).is_none());
    assert!(stack([2, 2, 3], &[axial(2.0), axial(3.0), axial(1.0)], &values(2)).is_none(), "too few pixels");
}

#[test]
fn a_single_frame_is_turned_upright() {
    let around = lie([-1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0; 3]);
    assert_eq!(stacked(&[around]).unwrap(), [3.0, 2.0, 1.0, 0.0]);
    assert_eq!(stacked(&[Lie { corner: None, ..around }]).unwrap(), [3.0, 2.0, 1.0, 0.0]);
}
