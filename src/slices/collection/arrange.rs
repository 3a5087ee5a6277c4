//! Groups the slices of a collection into heads.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use super::choice::{FolderMeaning, HeadKey, SliceKey};
use super::file::CollectionFile;
use super::head::{CollectionSlice, Exclusion, Head};
use super::masks::{FileRole, MaskCandidate, roles};
use super::names::natural;
use super::person_names::person_in;
use super::{Collection, DEFAULT_CLASS, SliceSource, UnpairedMask, duplicates, folders};
use crate::slice::MAX_CLASSES;
use crate::slices::limits::MAX_SLICES;
use crate::slices::normalise::Framing;
use crate::slices::raster::{Raster, Square};

/// Fewest slices of a stack, of which the visitor can choose a part.
const MIN_STACK: usize = 12;
/// Fraction of a volume at each end that is out of range by default: neck and crown.
const ENDS: f32 = 0.2;
/// If there are more folders below the class folders than this, each of them is a head.
const MANY_FOLDERS: usize = MAX_CLASSES;

/// See [`Collection::arrange`].
pub(super) fn arrange(collection: &mut Collection) {
    let pictures = pair_masks(collection);
    let homes = assign_heads(collection, &pictures);
    let mut heads: Vec<(HeadKey, Vec<SliceKey>)> = Vec::new();
    let mut index_of: HashMap<&HeadKey, usize> = HashMap::new();
    for (&file, (key, _)) in pictures.iter().zip(&homes) {
        let head = *index_of.entry(key).or_insert_with(|| {
            heads.push((key.clone(), Vec::new()));
            heads.len() - 1
        });
        let slices = 0..collection.files[file].slices.len();
        heads[head].1.extend(slices.map(|slice| SliceKey { file, slice }));
    }
    let classes: HashMap<usize, usize> =
        pictures.iter().zip(&homes).map(|(&file, (_, class))| (file, *class)).collect();
    for (_, slices) in &mut heads {
        sort(slices, &collection.files);
    }
    heads.sort_by(|(_, a), (_, b)| natural(&first_path(a, &collection.files), &first_path(b, &collection.files)));
    lay_out(collection, heads, &classes);
    exclude(collection);
}

/// Pairs masks with pictures. Returns the indices of the picture files.
fn pair_masks(collection: &mut Collection) -> Vec<usize> {
    let candidate = |file: &'_ CollectionFile| (file.path.clone(), file.dimensions(), file.labels);
    let files: Vec<_> = collection.files.iter().map(candidate).collect();
    let files: Vec<MaskCandidate> = files
        .iter()
        .map(|(path, dimensions, labels)| MaskCandidate { path, dimensions: *dimensions, labels: *labels })
        .collect();
    let roles = match collection.source {
        SliceSource::Own => roles(&files),
        SliceSource::Real | SliceSource::Drawings | SliceSource::Shapes => vec![FileRole::Picture; files.len()],
    };
    let mut masks: HashMap<usize, Vec<usize>> = HashMap::new();
    collection.unpaired_masks.clear();
    for (index, role) in roles.iter().enumerate() {
        match role {
            FileRole::Picture => {}
            FileRole::MaskOf(of) => of.iter().for_each(|picture| masks.entry(*picture).or_default().push(index)),
            FileRole::UnpairedMask | FileRole::MaskOfOtherSize => collection.unpaired_masks.push(UnpairedMask {
                path: collection.files[index].path.clone(),
                other_size: *role == FileRole::MaskOfOtherSize,
            }),
        }
    }
    collection.masks.retain(|picture, (from, _)| masks.get(picture) == Some(from));
    for (picture, from) in masks {
        let files = &collection.files;
        collection.masks.entry(picture).or_insert_with(|| {
            let mut merged = Vec::new();
            from.iter().for_each(|&mask| files[mask].merge_into(&mut merged));
            (from, merged)
        });
    }
    (0..roles.len()).filter(|&index| roles[index] == FileRole::Picture).collect()
}

/// The head and the class of each picture file.
fn assign_heads(collection: &mut Collection, pictures: &[usize]) -> Vec<(HeadKey, usize)> {
    let files = &collection.files;
    let own = collection.source == SliceSource::Own;
    let paths: Vec<&str> = pictures.iter().map(|&file| files[file].path.as_str()).collect();
    let differing = folders::differing(&paths);
    let top = folders::top(&differing);
    let guess = folders::guess_meaning(&top);
    let class_from_table = |file: usize| collection.classes_from_table.get(&files[file].path).filter(|_| own);
    // If all classes are known, folders are not classes, unless the visitor says so.
    let all_in_table = !pictures.is_empty() && pictures.iter().all(|&file| class_from_table(file).is_some());
    let guess =
        guess.filter(|guess| *guess == FolderMeaning::Heads || !all_in_table || collection.folder_choice.is_some());
    // A scanner may divide a series among numbered folders. Those mean nothing.
    let series = pictures.iter().zip(&differing).map(|(&file, folders)| (files[file].group, folders.first()));
    let guess = guess.filter(|_| collection.folder_choice.is_some() || !folders::divide_series(series, &top));
    collection.folders = guess.map(|guess| collection.folder_choice.unwrap_or(guess)).filter(|_| own);
    let of_folder = |folders: &Vec<String>| folders.first().filter(|_| own).cloned();
    let class_names: Vec<Option<String>> = pictures
        .iter()
        .zip(&differing)
        .map(|(&file, folders)| class_from_table(file).cloned().or_else(|| of_folder(folders)))
        .collect();
    let unknown = |file: &CollectionFile| {
        let told = || collection.person_from_table(&file.path).or_else(|| person_in(&file.path));
        !file.volume && file.group.is_none() && told().is_none()
    };
    let several = pictures.iter().filter(|&&file| unknown(&files[file])).count() > 1;
    collection.one_person = (own && several && collection.folders.is_none()).then_some(collection.one_person_choice);
    let by_folders = collection.folders == Some(FolderMeaning::Classes);
    let mut names: Vec<&String> = match by_folders {
        true => class_names.iter().flatten().collect(),
        false => pictures.iter().filter_map(|&file| class_from_table(file)).collect(),
    };
    names.sort_by(|a, b| natural(a, b));
    names.dedup();
    if by_folders || all_in_table {
        // The default class is replaced by the named ones.
        let only_default = collection.named_classes.is_empty() && collection.classes == [DEFAULT_CLASS];
        if only_default {
            collection.classes.clear();
        }
    }
    for name in names {
        if !collection.named_classes.contains_key(name) && collection.classes.len() < MAX_CLASSES {
            collection.named_classes.insert(name.clone(), collection.classes.len());
            collection.classes.push(name.clone());
        }
    }
    let mut below_classes: Vec<&Vec<String>> = differing.iter().filter(|folders| folders.len() > 1).collect();
    below_classes.sort();
    below_classes.dedup();
    let is_head = |folders: &[String]| match collection.folders {
        None => false,
        Some(FolderMeaning::Heads) => !folders.is_empty(),
        Some(FolderMeaning::Classes) => folders.len() > 1 && below_classes.len() > MANY_FOLDERS,
    };
    let home = |((&index, folders), class_name): ((&usize, &Vec<String>), &Option<String>)| {
        let file = &files[index];
        let (width, height, _) = file.dimensions();
        let told = collection.person_from_table(&file.path);
        let folder = |path: String| HeadKey::Folder { path, size: (width, height) };
        let key = match (file.volume, file.group, told) {
            (true, ..) => HeadKey::File(index),
            (false, Some(group), _) => HeadKey::Series { group, size: (width, height) },
            (false, None, Some(person)) => folder(person),
            (false, None, None) if is_head(folders) => folder(folders.join("/")),
            (false, None, None) => match person_in(&file.path).filter(|_| own) {
                Some(person) => folder(person),
                None if collection.one_person == Some(true) => folder(String::new()),
                None => HeadKey::File(index),
            },
        };
        let named = class_name.as_ref().and_then(|name| collection.named_classes.get(name).copied());
        (key, file.class.or(named).unwrap_or(0))
    };
    pictures.iter().zip(&differing).zip(&class_names).map(home).collect()
}

/// Sorts by position if both have one, else by path.
fn sort(slices: &mut [SliceKey], files: &[CollectionFile]) {
    slices.sort_by(|a, b| {
        let (mine, other) = (&files[a.file], &files[b.file]);
        let along = match (mine.position, other.position) {
            (Some(mine), Some(other)) => mine.total_cmp(&other),
            _ => Ordering::Equal,
        };
        along.then_with(|| natural(&mine.path, &other.path)).then_with(|| a.cmp(b))
    });
}

fn first_path(slices: &[SliceKey], files: &[CollectionFile]) -> String {
    slices.first().map(|key| files[key.file].path.clone()).unwrap_or_default()
}

/// Fills the heads and slices of the collection.
fn lay_out(collection: &mut Collection, heads: Vec<(HeadKey, Vec<SliceKey>)>, classes: &HashMap<usize, usize>) {
    let files = &collection.files;
    let has_positions =
        |keys: &[SliceKey]| keys.iter().all(|key| files[key.file].volume || files[key.file].position.is_some());
    let is_stack = |keys: &[SliceKey]| keys.len() >= MIN_STACK && keys.iter().all(|key| !files[key.file].normalised);
    let default_range = |keys: &[SliceKey]| {
        let last = keys.len().saturating_sub(1);
        let cut_ends = is_stack(keys) && has_positions(keys);
        let end = if cut_ends { (keys.len() as f32 * ENDS).round() as usize } else { 0 };
        (end, last - end)
    };
    let default_step = step_to_fit(heads.iter().map(|(_, keys)| {
        let (first, last) = default_range(keys);
        (is_stack(keys), last + 1 - first)
    }));
    (collection.heads, collection.slices) = (Vec::new(), Vec::new());
    for (key, keys) in heads {
        let Some(first) = keys.first() else { continue };
        let file = &files[first.file];
        let choice = collection.head_choices.get(&key).copied().unwrap_or_default();
        let stack = is_stack(&keys);
        let last = keys.len() - 1;
        let (from, to) = choice.range.filter(|_| stack).unwrap_or_else(|| default_range(&keys));
        let range = (from.min(to).min(last), to.max(from).min(last));
        let class = choice.class.or_else(|| classes.get(&first.file).copied()).unwrap_or(0);
        let start = collection.slices.len();
        let window = common_window(&keys, files);
        for key in keys {
            let file = &files[key.file];
            let of_file = classes.get(&key.file).copied().unwrap_or(0);
            let own = collection.slice_choices.get(&key).and_then(|choice| choice.class);
            let masks = collection.masks.get(&key.file).map(|(_, masks)| masks).or(file.masks.as_ref());
            collection.slices.push(CollectionSlice {
                key,
                path: file.path.clone(),
                raster: windowed(&mut collection.windowed, key, file, window),
                mask: masks.and_then(|masks| masks.get(key.slice)).cloned(),
                head: collection.heads.len(),
                class: own.or(choice.class).unwrap_or(of_file).min(collection.classes.len() - 1),
                excluded: None,
            });
        }
        let slices = start..collection.slices.len();
        let input = (range, choice.crop, slices.len());
        let framing = match collection.framings.get(&key) {
            Some((measured, framing)) if *measured == input => *framing,
            _ if file.normalised => identity_framing(&file.slices[0]),
            _ => measure_framing(&collection.slices[start + range.0..=start + range.1], choice.crop),
        };
        collection.framings.insert(key.clone(), (input, framing));
        let single_picture = matches!(key, HeadKey::File(_)) && !file.volume;
        let told = collection.person_from_table(&file.path).map(|path| HeadKey::Folder { path, size: (0, 0) }.person());
        // The scans of one person may be several volumes.
        let named = person_in(&file.path).filter(|_| file.volume && collection.source == SliceSource::Own);
        let named = named.map(|path| HeadKey::Folder { path, size: (0, 0) }.person());
        let group = file.group.map(|group| HeadKey::Series { group, size: (0, 0) }.person());
        collection.heads.push(Head {
            name: head_name(&key, &file.path),
            person: told.or(group).or(named).or_else(|| (!single_picture).then(|| key.person())),
            slices,
            is_stack: stack,
            class: class.min(collection.classes.len() - 1),
            range,
            step: if stack { choice.step.unwrap_or(default_step).max(1) } else { 1 },
            crop: choice.crop,
            framing,
            normalised: file.normalised,
            key,
        });
    }
}

/// The smallest window that contains those of all files of a head, as values that become black and white. `None` if a file
/// has none, or some are inverted and others are not.
fn common_window(keys: &[SliceKey], files: &[CollectionFile]) -> Option<[f32; 2]> {
    let windows: Option<Vec<[f32; 2]>> = keys.iter().map(|key| files[key.file].window).collect();
    windows?.into_iter().map(Some).reduce(|common, window| {
        let ([a, b], [c, d]) = (common?, window?);
        match (a < b, c < d) {
            (true, true) => Some([a.min(c), b.max(d)]),
            (false, false) => Some([a.max(c), b.min(d)]),
            _ => None,
        }
    })?
}

/// The slice in the common window of its head. Black stays black, as air may be below the window of the file.
fn windowed(
    cache: &mut HashMap<SliceKey, ([f32; 2], Arc<Raster>)>,
    key: SliceKey,
    file: &CollectionFile,
    common: Option<[f32; 2]>,
) -> Arc<Raster> {
    let raster = &file.slices[key.slice];
    let (Some(own), Some(common)) = (file.window, common.filter(|common| Some(*common) != file.window)) else {
        cache.remove(&key);
        return Arc::clone(raster);
    };
    match cache.get(&key) {
        Some((window, raster)) if *window == common => Arc::clone(raster),
        _ => {
            let level = |level: usize| {
                let value = own[0] + level as f32 / 255.0 * (own[1] - own[0]);
                ((value - common[0]) / (common[1] - common[0]) * 255.0).round() as u8
            };
            let levels: [u8; 256] = std::array::from_fn(|index| if index == 0 { 0 } else { level(index) });
            let pixel = |x, y| levels[usize::from(raster.pixels()[y * raster.width() + x])];
            let raster = Arc::new(Raster::from_fn(raster.width(), raster.height(), pixel));
            cache.insert(key, (common, Arc::clone(&raster)));
            raster
        }
    }
}

/// The smallest step with which all stacks fit into a training set beside the other slices. Given for each head whether it
/// is a stack, and how many of its slices are in range.
fn step_to_fit(heads: impl Iterator<Item = (bool, usize)>) -> usize {
    let (mut stacks, mut others) = (0, 0);
    heads.for_each(|(stack, count)| if stack { stacks += count } else { others += count });
    let room = MAX_SLICES.saturating_sub(others).max(MAX_SLICES / 8);
    stacks.div_ceil(room).max(1)
}

/// The framing of the slices of one head, or of the region that was cropped.
fn measure_framing(slices: &[CollectionSlice], crop: Option<Square>) -> Framing {
    let cropped =
        |slice: &CollectionSlice| crop.map_or_else(|| (*slice.raster).clone(), |square| slice.raster.crop(square));
    let slices: Vec<Raster> = slices.iter().map(cropped).collect();
    let framing = Framing::of(&slices);
    Framing { square: crop.unwrap_or(framing.square), ..framing }
}

/// The framing that changes nothing.
fn identity_framing(slice: &Raster) -> Framing {
    Framing { square: Square { left: 0, top: 0, side: slice.width().max(slice.height()) }, air: 0.0, gain: 1.0 }
}

fn head_name(key: &HeadKey, path: &str) -> String {
    match key {
        HeadKey::Folder { path, .. } if !path.is_empty() => path.clone(),
        HeadKey::Folder { .. } | HeadKey::Series { .. } => {
            path.rsplit_once('/').map_or(path, |(folder, _)| folder).to_owned()
        }
        HeadKey::File(_) => path.to_owned(),
    }
}

/// Excludes the slices that the visitor excluded, and blank slices and copies unless the visitor included them.
fn exclude(collection: &mut Collection) {
    let fingerprints: Vec<_> = collection
        .slices
        .iter()
        .map(|slice| (&collection.files[slice.key.file].fingerprints[slice.key.slice], slice.head, slice.class))
        .collect();
    // The site's own scans were checked for copies when they were made.
    let copies = match collection.source {
        SliceSource::Own => duplicates::find(fingerprints.iter().copied()),
        SliceSource::Real | SliceSource::Drawings | SliceSource::Shapes => vec![None; fingerprints.len()],
    };
    let blank: Vec<bool> = fingerprints.iter().map(|(fingerprint, ..)| fingerprint.is_blank()).collect();
    for ((slice, copy), blank) in collection.slices.iter_mut().zip(copies).zip(blank) {
        let automatic =
            copy.map(|copy| Exclusion::Duplicate { exact: copy.exact }).or(blank.then_some(Exclusion::Blank));
        slice.excluded = match collection.slice_choices.get(&slice.key).and_then(|choice| choice.excluded) {
            Some(true) => Some(automatic.unwrap_or(Exclusion::ByVisitor)),
            Some(false) => None,
            None => automatic,
        };
    }
}
