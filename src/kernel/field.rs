//! Code lists of the field that several wings share.

crate::code_lists! {
    /// A profession of general practice that interns are trained for (beroep).
    Profession "profession" {
        DoctorsAssistant "doctors-assistant" "Doktersassistent" "Doctor's assistant";
        PracticeNurseSomatic "practice-nurse-somatic" "Praktijkondersteuner somatiek (POH-S)" "Practice nurse, somatic";
        PracticeNurseMentalHealth "practice-nurse-mental-health" "Praktijkondersteuner GGZ (POH-GGZ)" "Practice nurse, mental health";
        TriageAssistant "triage-assistant" "Triagist" "Triage assistant";
    }

    /// How a student learns and works (leerweg).
    LearningPath "learning-path" {
        Bol "bol" "BOL: school met stage" "School-based path (BOL)";
        Bbl "bbl" "BBL: werken met school" "Work-based path (BBL)";
        ThirdPath "third-path" "Derde leerweg" "Third path";
        FullTime "full-time" "Voltijd" "Full-time";
        PartTime "part-time" "Deeltijd" "Part-time";
        Dual "dual" "Duaal" "Dual";
    }

    /// A day of the week (weekdag).
    Weekday "weekday" {
        Monday "monday" "Maandag" "Monday";
        Tuesday "tuesday" "Dinsdag" "Tuesday";
        Wednesday "wednesday" "Woensdag" "Wednesday";
        Thursday "thursday" "Donderdag" "Thursday";
        Friday "friday" "Vrijdag" "Friday";
        Saturday "saturday" "Zaterdag" "Saturday";
        Sunday "sunday" "Zondag" "Sunday";
    }
}
