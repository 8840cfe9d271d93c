using System.Net;
using KeypointPipeline.Api;
using KeypointPipeline.Api.Hosts;
using KeypointPipeline.Inference;
using KeypointPipeline.Local.Engine;
using KeypointPipeline.Local.Http;
using KeypointPipeline.Local.Logging;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Storage;
using KeypointPipeline.Local.Training;
using KeypointPipeline.Local.Watching;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using KeypointPipeline.Workflows.Drops;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace KeypointPipeline.Local.Hosting;

/// <summary>Builds the host from its parts.</summary>
internal static class LocalHostBuilder
{
    /// <summary>Longest wait for running steps when the host stops.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    /// <summary>Most open connections. More are closed at once, so that the host keeps enough file handles for its own files.</summary>
    private const int MostConnections = 200;

    /// <summary>Markers of known batches that one look requests. Looks follow each other within seconds.</summary>
    private const int KnownMarkers = 16;

    /// <summary>Builds the application without starting it.</summary>
    public static WebApplication Build(LocalHostOptions options, LocalHostFiles files, RetrainSchedule? schedule, StorageKeeper storage)
    {
        // The empty builder reads neither the environment nor an appsettings.json in the user's current folder.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(options.Listen, options.Port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = ApiEndpointAttribute.SettingsBytes;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
        });
        builder.Services.AddRoutingCore();
        HttpKeys? keys = IPAddress.IsLoopback(options.Listen) ? null : new HttpKeys(HttpKeys.ReadOrCreate(files.HttpKey));
        builder.Services.AddSingleton(new InstanceAddresses(keys?.SystemKey));
        AddLogging(builder.Logging, files);
        AddPipeline(builder.Services, options, files, storage);
        AddHosted(builder.Services, options, files, schedule, storage);

        WebApplication application = builder.Build();
        application.Use(application.Services.GetRequiredService<ProblemHandler>().HandleAsync);
        application.Use(keys is null ? LoopbackGuard.CheckAsync : new KeyGuard(keys).CheckAsync);
        application.UseRouting();
        application.MapManagement();
        application.MapPipeline();
        application.MapPage();
        application.MapFallback(PipelineEndpoints.NotFound);
        return application;
    }

    private static void AddLogging(ILoggingBuilder logging, LocalHostFiles files)
    {
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter<ConsoleLoggerProvider>(category: null, LogLevel.Warning);
        logging.Services.AddSingleton<ILoggerProvider>(new JsonFileLoggerProvider(files.Log, TimeProvider.System));

        // Standard output is for the command's own answers, so the log goes to standard error.
        logging.AddConsoleFormatter<BriefConsoleFormatter, ConsoleFormatterOptions>();
        logging.AddConsole(console =>
        {
            console.FormatterName = BriefConsoleFormatter.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        });
    }

    private static void AddPipeline(IServiceCollection services, LocalHostOptions options, LocalHostFiles files, StorageKeeper storage)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(storage.OpenStorage());
        services.AddSingleton(new WorkFolder(files.Work, TrainerProcesses.CacheIn(files.Trainers)));
        services.AddSingleton(options.Training);
        services.AddSingleton(new HostFinder(options.Finder));
        services.AddSingleton(new TrainerProcessOptions(files.Trainers, storage.ConnectionString));
        services.AddSingleton<ITrainerLauncher, ChildProcessTrainerLauncher>();
        services.AddPipelineSteps().AddPipelineApi();
        services.AddSingleton<ProblemHandler>();
    }

    /// <summary>Adds the hosted services in the order in which they start. They stop in reverse order, after the web server.</summary>
    private static void AddHosted(
        IServiceCollection services, LocalHostOptions options, LocalHostFiles files, RetrainSchedule? schedule, StorageKeeper storage)
    {
        services.AddSingleton<IHostLifetime, OwnedLifetime>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = StopPatience);
        services.AddSingleton(storage);
        services.AddHostedService<StorageKeeperService>();

        services.AddSingleton(options.Catalog);
        services.AddSingleton(provider => new DiskSpace(files.Home, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<DiskSpace>>()));
        services.AddSingleton(provider => new WorkflowEngineOptions
        {
            JournalPath = files.Journal,
            BeforeStep = provider.GetRequiredService<DiskSpace>().WaitAsync,
        });
        services.AddSingleton<WorkflowEngine>();
        services.AddSingleton<IWorkflowClient>(provider => provider.GetRequiredService<WorkflowEngine>());
        services.AddSingleton<IEarlierTriggers>(provider => provider.GetRequiredService<WorkflowEngine>());
        services.AddHostedService(provider => provider.GetRequiredService<WorkflowEngine>());

        services.AddSingleton(new ReconcileLimits { KnownMarkers = KnownMarkers });
        services.AddSingleton(new ContainerWatcherOptions(options.PollInterval));
        services.AddHostedService<ContainerWatcher>();
        services.AddSingleton<IHostFacts>(new LocalHostFacts(options, schedule));
        if (schedule is not null)
        {
            services.AddSingleton(new RetrainSchedulerOptions(schedule, files.Schedule));
            services.AddHostedService<RetrainScheduler>();
        }
    }

    /// <summary>Ignores signals, because the command handles them and stops the host in order.</summary>
    private sealed class OwnedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
