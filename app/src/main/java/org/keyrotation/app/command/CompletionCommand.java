package org.keyrotation.app.command;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the completion script of a shell. Picocli's script is for bash, and loads bash's completion into zsh. */
@Command(
        name = "completion",
        description = {"Prints the script that completes commands and options in a shell.", ""},
        sortOptions = false,
        usageHelpAutoWidth = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(key-rotation completion bash)",
            "  key-rotation completion bash > /etc/bash_completion.d/key-rotation"
        })
final class CompletionCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "bash|zsh", description = "The shell.")
    @SuppressWarnings("UnusedVariable") // both have the same script
    private Shell shell = Shell.bash;

    /** The names are the values of the argument. */
    enum Shell {
        bash,
        zsh
    }

    @Override
    public Integer call() {
        System.out.print(AutoComplete.bash("key-rotation", spec.root().commandLine()));
        System.out.flush();
        return ExitStatus.DONE;
    }
}
