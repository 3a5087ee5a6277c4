//! Which slices belong to one person, by folders, names or a table.

use super::*;
use crate::slices::open::{Opened, open_file};

#[test]
fn folders_can_be_heads_instead() {
    let mut collection = collection((0..30).map(|number| picture(&format!("p{}/{number}.png", number / 15), number)));
    assert_eq!((collection.folders, collection.heads.len()), (Some(FolderMeaning::Classes), 30));
    collection.set_folders(FolderMeaning::Heads);
    assert_eq!((collection.folders, collection.heads.len()), (Some(FolderMeaning::Heads), 2));
    assert_eq!(collection.classes, [DEFAULT_CLASS]);
    assert!(collection.heads.iter().all(|head| head.is_stack && head.person.is_some()));
    assert_eq!(collection.in_range().count(), 30, "all pictures of a folder are in range");
    collection.set_folders(FolderMeaning::Classes);
    assert_eq!(collection.classes, ["p0", "p1"]);
}

#[test]
fn persons_in_file_names_are_heads_across_class_folders() {
    let path = |number: usize| {
        let class = if number.is_multiple_of(2) { "tumour" } else { "none" };
        format!("{class}/TCGA_CS_{}_19960909_{number}.tif", 4940 + number / 10)
    };
    let collection = collection((0..40).map(|number| picture(&path(number), number)));
    assert_eq!((collection.classes.len(), collection.heads.len()), (2, 4));
    assert!(collection.heads.iter().all(|head| head.person.is_some() && head.slices.len() == 10));
    let persons: std::collections::BTreeSet<_> = collection.heads.iter().map(|head| head.person).collect();
    assert_eq!(persons.len(), 4);
}

#[test]
fn pictures_in_one_folder_can_be_one_person() {
    let files = |folder: &str| (0..14).map(|n| picture(&format!("{folder}/{n:02}.png"), n)).collect::<Vec<_>>();
    let mut it = collection(files("scans"));
    assert_eq!((it.folders, it.one_person, it.heads.len()), (None, Some(false), 14));
    it.set_one_person(true);
    assert_eq!((it.one_person, it.heads.len(), it.heads[0].name.as_str()), (Some(true), 1, "scans"));
    assert!(it.heads[0].is_stack && it.heads[0].person.is_some());
    assert_eq!(it.in_range().count(), 14);
    it.set_one_person(false);
    assert_eq!(it.heads.len(), 14);
    // Where folders or names tell the persons, there is nothing to say.
    assert_eq!(collection(files("a").into_iter().chain(files("b"))).one_person, None);
    assert_eq!(collection((1..9).map(|n| picture(&format!("sub-01_{n}.png"), n))).one_person, None);
}

/// The table of a CSV, as the reader sends it.
fn people(path: &str, csv: &str) -> PeopleTable {
    let mut tables = Vec::new();
    open_file(path, csv.as_bytes(), &mut |outcome| tables.push(outcome));
    match tables.remove(0) {
        Ok(Opened::People(table)) => table,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_table_beside_the_files_tells_the_persons() {
    let mut csv = "Bestand;Leeftijd;Persoon\n".to_owned();
    // Files of a person do not follow each other.
    (0..60).for_each(|number| csv += &format!("scan_{number}.png;50;Person {}\n", number % 6));
    let mut collection = collection((0..60).map(|number| picture(&format!("set/scan_{number}.png"), number)));
    assert!(collection.heads.iter().all(|head| head.person.is_none()));
    assert_eq!(Selection::of(&collection).unwrap().split_by, SplitBy::Blocks);

    let table = people("set/people.csv", &csv);
    collection.add_people(&table);
    collection.arrange();
    assert_eq!(collection.people(), [("set/people.csv".to_owned(), 60)]);
    assert_eq!(collection.heads.len(), 6);
    assert!(collection.heads.iter().all(|head| head.person.is_some() && head.slices.len() == 10));
    let selection = Selection::of(&collection).unwrap();
    assert_eq!((selection.split_by, selection.heads), (SplitBy::Heads, 6));
    assert!(!format!("{table:?}{:?}", collection.heads).contains("Person "), "names of persons stay in the reader");

    // The same table chosen again replaces it.
    collection.add_people(&people("set/people.csv", "file,person\nother.png,Ann\n"));
    collection.arrange();
    assert_eq!(collection.people(), [("set/people.csv".to_owned(), 0)]);
    assert_eq!(collection.heads.len(), 60);
}

#[test]
fn a_table_joins_volumes_and_series_of_one_person() {
    let series = |path: &str, group: u64, number: usize| DecodedFile { group: Some(group), ..picture(path, number) };
    let volume = |path: &str| found(path, (0..20).map(raster).collect());
    let files = [volume("a.nii.gz"), series("b/IM1", 7, 1), series("c/IM1", 8, 2), volume("d.nii")];
    let mut collection = collection(files);
    let csv = "participant_id\tfile\nx\ta\nx\tb/IM1\ny\tc/IM1\n";
    collection.add_people(&people("p.tsv", csv));
    collection.arrange();
    let person = |path: &str| {
        let slice = collection.slices.iter().find(|slice| slice.path == path).unwrap();
        collection.heads[slice.head].person.unwrap()
    };
    assert_eq!(collection.heads.len(), 4);
    assert_eq!(person("a.nii.gz"), person("b/IM1"));
    assert_ne!(person("b/IM1"), person("c/IM1"));
    assert_ne!(person("d.nii"), person("a.nii.gz"), "a file that the table does not name keeps its own");
}
