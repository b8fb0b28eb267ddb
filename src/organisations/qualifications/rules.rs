//! Which learning paths go with which qualifications.

use super::model::QualificationFramework;
use crate::error::{Error, Result, Rule};
use crate::kernel::checks::each_once;
use crate::kernel::field::LearningPath;

/// 400: BOL, BBL and the third path are ways through mbo, the others through hbo and training of the sector.
pub const PATH_OF_OTHER_FRAMEWORK: Rule = Rule {
    code: "path-of-other-framework",
    nl: "Deze leerweg hoort niet bij deze kwalificatie: mbo kent bol, bbl en third-path, de rest full-time, part-time en dual.",
    en: "This learning path does not go with this qualification: mbo has bol, bbl and third-path, others full-time, part-time and dual.",
};

/// Refuses learning paths, as they stand at `/learningPaths`, that are named twice or that do not go
/// with qualifications of this framework.
///
/// # Errors
/// 400 with every fault.
pub fn paths_fit(paths: &[LearningPath], framework: QualificationFramework) -> Result<()> {
    each_once("/learningPaths", paths)?;
    let of_mbo = |path: &LearningPath| matches!(path, LearningPath::Bol | LearningPath::Bbl | LearningPath::ThirdPath);
    let strange: Vec<_> = paths
        .iter()
        .enumerate()
        .filter(|(_, path)| of_mbo(path) != (framework == QualificationFramework::Mbo))
        .map(|(index, _)| PATH_OF_OTHER_FRAMEWORK.fault(format!("/learningPaths/{index}")))
        .collect();
    if strange.is_empty() { Ok(()) } else { Err(Error::Invalid(strange)) }
}

#[cfg(test)]
mod tests {
    use super::paths_fit;
    use crate::kernel::field::LearningPath::{Bbl, Bol, Dual, FullTime};
    use crate::organisations::qualifications::QualificationFramework::{Hbo, Mbo};

    #[test]
    fn a_path_goes_with_its_framework() {
        assert!(paths_fit(&[Bol, Bbl], Mbo).is_ok());
        assert!(paths_fit(&[FullTime, Dual], Hbo).is_ok());
        assert!(paths_fit(&[Bol, Dual], Mbo).is_err());
        assert!(paths_fit(&[Bbl], Hbo).is_err());
    }

    #[test]
    fn a_path_is_named_once() {
        assert!(paths_fit(&[Bol, Bol], Mbo).is_err());
    }
}
