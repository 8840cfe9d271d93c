using KeypointPipeline.Errors;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Errors;

public sealed class UserErrorExceptionTests
{
    [Fact]
    public void Files_that_are_missing_forbidden_or_damaged_are_the_users_to_solve()
    {
        Exception[] errors =
        [
            new FileNotFoundException("no such file"), new UnauthorizedAccessException("no such file"), new InvalidDataException("no such file"),
        ];

        Assert.All(errors, error =>
        {
            UserErrorException told = UserErrorException.From(error)!;
            Assert.Equal(("no such file", ExitCodes.Failed), (told.Message, told.ExitCode));
        });
    }

    [Fact]
    public void An_error_that_was_meant_for_the_user_is_told_as_it_is()
    {
        var error = new UserErrorException("Choose another port.", exitCode: 73);

        Assert.Same(error, UserErrorException.From(error));
    }

    [Fact]
    public void A_bug_is_not_told_as_if_the_user_could_solve_it()
    {
        Exception[] bugs = [new ArgumentException("x"), new NullReferenceException(), new FormatException("x"), new InvalidOperationException("x")];

        Assert.All(bugs, bug => Assert.Null(UserErrorException.From(bug)));
    }

    [Fact]
    public async Task A_program_ends_with_its_own_code_the_errors_or_that_of_a_cancelled_one()
    {
        Assert.Equal(3, await ProgramExit.RunAsync("test", () => Task.FromResult(3)));
        Assert.Equal(73, await ProgramExit.RunAsync("test", () => throw new UserErrorException("taken", exitCode: 73)));
        Assert.Equal(1, await ProgramExit.RunAsync("test", () => throw new DirectoryNotFoundException("no such folder")));
        Assert.Equal(130, await ProgramExit.RunAsync("test", () => throw new OperationCanceledException()));
        await Assert.ThrowsAsync<ArgumentNullException>(() => ProgramExit.RunAsync("test", () => throw new ArgumentNullException("value")));
    }

    [Fact]
    public void An_empty_argument_is_refused_and_the_one_before_it_is_named()
    {
        UserErrorException.ThrowIfEmpty(["predict", "--images", "photos"]);

        var error = Assert.Throws<UserErrorException>(() => UserErrorException.ThrowIfEmpty(["predict", "--images", ""]));

        Assert.Contains("'--images'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 64, null, "network", "epochs is 0; 1 to 10,000")]
    [InlineData(10_001, 64, null, "network", "epochs is 10,001")]
    [InlineData(1, 0, null, "network", "batchSize is 0; 1 to 4,096")]
    [InlineData(1, 64, 0, "network", "patience is 0; at least 1")]
    [InlineData(1, 64, null, " ", "network is empty")]
    public void A_training_setting_out_of_range_is_named_with_its_range(int epochs, int batchSize, int? patience, string network, string expected)
    {
        var settings = new TrainingSettings(epochs, 1, network, batchSize, patience);

        Assert.Contains(expected, Assert.Throws<UserErrorException>(settings.Validate).Message, StringComparison.Ordinal);
    }
}
