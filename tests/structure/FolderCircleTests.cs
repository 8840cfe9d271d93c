using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Xunit;

namespace KeypointPipeline.Structure.Tests;

/// <summary>Folders are floors: dependencies between the folders of a project point one way.</summary>
public sealed partial class FolderCircleTests
{
    public static TheoryData<ProductProject> Projects => [.. ProductProject.All];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Types_of_an_assembly_refer_to_each_other_without_a_circle_of_folders(ProductProject project)
    {
        Assert.SkipUnless(project.IsBuilt, $"{project} was left out of this build.");
        Architecture architecture = new ArchLoader().LoadFilteredDirectory(project.OutputFolder, project.AssemblyFile).Build();
        FolderReference[] references =
        [
            .. from type in architecture.Types
               from dependency in type.Dependencies
               where dependency.Target is not GenericParameter // ArchUnitNET places all parameters of one name in one namespace.
               where type.Namespace is not null && dependency.Target.Namespace is not null
               select new FolderReference(
                   type.Namespace.FullName, dependency.Target.Namespace.FullName, $"{type.Name} -> {dependency.Target.Name}"),
        ];

        Assert.Contains(references, reference => reference.From != reference.To && reference.To.StartsWith(project.Namespace, StringComparison.Ordinal));
        AssertNone(FolderCircles.Find(project.Namespace, references));
    }

    /// <summary>The compiler inlines constants and drops documentation, so assemblies do not show these references; their using
    /// directives do, because an unnecessary one fails the build.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void Using_directives_name_no_circle_of_folders(ProductProject project)
    {
        IEnumerable<FolderReference> references =
            from file in SourceFiles.Of(project.SourceFolder)
            let text = File.ReadAllText(file)
            from used in UsingDirective.Matches(text)
            select new FolderReference(
                Name(NamespaceDeclaration.Match(text)), Name(used), Path.GetRelativePath(project.SourceFolder, file));

        AssertNone(FolderCircles.Find(project.Namespace, references));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Namespaces_are_those_of_the_folders(ProductProject project)
    {
        string[] others =
        [
            .. from file in SourceFiles.Of(project.SourceFolder)
               let declared = Name(NamespaceDeclaration.Match(File.ReadAllText(file)))
               let folder = Path.GetDirectoryName(Path.GetRelativePath(project.SourceFolder, file))!
               let expected = folder.Length == 0 ? project.Namespace : $"{project.Namespace}.{folder.Replace(Path.DirectorySeparatorChar, '.')}"
               where declared.Length > 0 && declared != expected
               select $"{file}: {declared}, expected {expected}",
        ];

        AssertNone(others);
    }

    [Fact]
    public void A_circle_is_named_with_the_references_that_close_it()
    {
        FolderReference[] references =
        [
            new("A.Low", "A.Middle.Deep", "x"), new("A.Middle", "A.High", "y"), new("A.High", "A.Low", "z"), new("A.High", "A.Other", "w"),
            new("A.Other", "A", "to the parent"), new("A", "A.Other", "from the parent"), new("A.Middle.Deep", "A.Middle", "v"),
        ];

        Assert.Equal(
            ["A: High -> Low -> Middle -> High (High uses Low: z; Low uses Middle: x; Middle uses High: y)"],
            FolderCircles.Find("A", references));
    }

    [GeneratedRegex(@"^using (static )?(?<name>KeypointPipeline[\w.]*);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UsingDirective { get; }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamespaceDeclaration { get; }

    private static string Name(Match match) => match.Groups["name"].Value;

    private static void AssertNone(IReadOnlyCollection<string> findings) =>
        Assert.True(findings.Count == 0, string.Join(Environment.NewLine, findings));
}
