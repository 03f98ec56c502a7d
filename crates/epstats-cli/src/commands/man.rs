//! `epstats man`: the manual page, the subcommands as sections of it.

use clap_mangen::Man;

use crate::terminal::Terminal;

pub(crate) fn run(terminal: &mut Terminal) {
    let mut command = crate::command();
    command.build();
    let mut page = Vec::new();
    let _into_memory = Man::new(command.clone()).render(&mut page);
    for subcommand in command.get_subcommands() {
        if subcommand.get_name() == "help" {
            continue;
        }
        let name = format!("epstats {}", subcommand.get_name());
        let section = Man::new(subcommand.clone().display_name(name.clone()));
        page.extend(format!(".SH \"{}\"\n", name.to_uppercase()).bytes());
        let _into_memory = section.render_description_section(&mut page);
        let _into_memory = section.render_synopsis_section(&mut page);
        let _into_memory = section.render_options_section(&mut page);
    }
    terminal.print(&String::from_utf8_lossy(&page));
}
