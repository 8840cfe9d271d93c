using System.CommandLine;
using KeypointPipeline.Bench;
using KeypointPipeline.Chaos.Tests;
using Xunit.Runner.InProc.SystemConsole;

// With the command's name first this is the long run, otherwise xUnit's runner.
return args.FirstOrDefault() == ChaosCommand.Name
    ? await BenchProgram.RunAsync(ChaosCommand.Name, new RootCommand { ChaosCommand.Create() }, args)
    : await ConsoleRunner.Run(args);
