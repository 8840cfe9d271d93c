using KeypointPipeline.Errors;

namespace KeypointPipeline.TrainerJob.Devices;

/// <summary>Thrown when an environment variable asks for a device or a precision that this machine does not have or that does not
/// exist. Data and settings are not the cause.</summary>
public sealed class UnusableDeviceException(string message) : UserErrorException(message);
