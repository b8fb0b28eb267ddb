//! What a programme must be, whoever asks.

use super::model::{CreateProgramme, PatchProgramme};
use crate::error::{Error, Result, Rule};
use crate::kernel::checks::each_once;
use crate::kernel::field::LearningPath;
use crate::organisations::qualifications::QualificationFramework;

/// 409: the school has another programme under this code.
pub(super) const CODE_TAKEN: Rule = Rule {
    code: "code-taken",
    nl: "Deze school heeft al een opleiding met deze code; kies een andere.",
    en: "This school already has a programme under this code; choose another.",
};
/// 409: something was recorded about the programme, so it stays.
pub(super) const IN_USE: Rule = Rule {
    code: "still-referred-to",
    nl: "Er hangt nog iets aan deze opleiding, zoals een cohort of een student; zet haar op niet actief.",
    en: "Something still hangs on this programme, such as a cohort or a student; make it inactive.",
};
/// 400: BOL, BBL and the third path are ways through mbo, the others through hbo and training of the sector.
pub(super) const PATH_OF_OTHER_FRAMEWORK: Rule = Rule {
    code: "path-of-other-framework",
    nl: "Deze leerweg hoort niet bij deze kwalificatie: mbo kent bol, bbl en third-path, de rest full-time, part-time en dual.",
    en: "This learning path does not go with this qualification: mbo has bol, bbl and third-path, others full-time, part-time and dual.",
};

/// Refuses learning paths that are named twice or that the framework does not know.
fn fitting(paths: &[LearningPath], framework: QualificationFramework) -> Result<()> {
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

/// Decides whether a programme may be entered like this.
pub(super) fn may_enter(new: &CreateProgramme, framework: QualificationFramework) -> Result<()> {
    fitting(&new.learning_paths, framework)
}

/// Decides whether a programme may be changed like this.
pub(super) fn may_change(patch: &PatchProgramme, framework: QualificationFramework) -> Result<()> {
    patch.learning_paths.as_change().map_or(Ok(()), |paths| fitting(paths, framework))
}

#[cfg(test)]
mod tests {
    use super::fitting;
    use crate::kernel::field::LearningPath::{Bbl, Bol, Dual, FullTime};
    use crate::organisations::qualifications::QualificationFramework::{Hbo, Mbo};

    #[test]
    fn a_path_goes_with_its_framework() {
        assert!(fitting(&[Bol, Bbl], Mbo).is_ok());
        assert!(fitting(&[FullTime, Dual], Hbo).is_ok());
        assert!(fitting(&[Bol, Dual], Mbo).is_err());
        assert!(fitting(&[Bbl], Hbo).is_err());
    }

    #[test]
    fn a_path_is_named_once() {
        assert!(fitting(&[Bol, Bol], Mbo).is_err());
    }
}
