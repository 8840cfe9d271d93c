using KeypointPipeline.Errors;

namespace KeypointPipeline.Training;

/// <summary>Settings of a host, for trainings whose request does not say otherwise. All hosts use the same names.</summary>
public static class TrainingHostSettings
{
    /// <summary>The default of <see cref="TrainingSettings.Epochs"/>, a whole number. Unset: <see cref="TrainingLength"/>.</summary>
    public const string Epochs = "TRAINING_EPOCHS";

    /// <summary>The default of <see cref="TrainingSettings.Network"/>.</summary>
    public const string Network = "TRAINING_NETWORK";

    /// <summary>Reads the settings. Missing or empty variables keep the defaults.</summary>
    /// <param name="find">Gives a variable's value, or null.</param>
    /// <exception cref="FormatException">A value cannot be used; the message names the variable.</exception>
    public static TrainingSettings Read(Func<string, string?> find)
    {
        ArgumentNullException.ThrowIfNull(find);
        var settings = new TrainingSettings();
        if (find(Network) is { Length: > 0 } network)
            settings = settings with { Network = network };
        if (find(Epochs) is { Length: > 0 } epochs)
        {
            settings = int.TryParse(epochs, out int value)
                ? settings with { Epochs = value }
                : throw new FormatException($"{Epochs}='{epochs}' is not a whole number.");
        }

        try
        {
            settings.Validate();
            return settings;
        }
        catch (UserErrorException e)
        {
            throw new FormatException($"{Epochs} or {Network} cannot be used. {e.Message}", e);
        }
    }
}
