using System.CommandLine;
using KeypointPipeline.Bench;

var root = new RootCommand("Measures on this machine: ./keypoints bench NAME [options]; ./keypoints bench NAME --help lists the options.");
foreach (Command bench in BenchRegistry.CreateCommands())
    root.Add(bench);
return await BenchProgram.RunAsync("bench", root, args);
