namespace KeypointPipeline.Training;

/// <summary>The host settings that say how to train where a request does not: the same names in every host.</summary>
public static class TrainingVariables
{
    /// <summary>Whole number: <see cref="TrainingSettings.Epochs"/>.</summary>
    public const string Epochs = "TRAINING_EPOCHS";

    /// <summary><see cref="TrainingSettings.Network"/>.</summary>
    public const string Network = "TRAINING_NETWORK";

    /// <summary>Reads the settings; those that are missing or empty keep their defaults.</summary>
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
        catch (ArgumentException e)
        {
            throw new FormatException($"{Epochs} or {Network} is out of range: {e.Message}", e);
        }
    }
}
