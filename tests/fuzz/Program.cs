using System.CommandLine;
using KeypointPipeline.Bench;
using KeypointPipeline.Fuzz.Tests;
using Xunit.Runner.InProc.SystemConsole;

// With the command's name first this is the long run, otherwise xUnit's runner.
return args.FirstOrDefault() == FuzzCommand.Name
    ? await BenchProgram.RunAsync(FuzzCommand.Name, new RootCommand { FuzzCommand.Create() }, args)
    : await ConsoleRunner.Run(args);
