using KeypointPipeline.Functions.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
PipelineSettings settings = PipelineSettings.Read(builder.Configuration);
builder.Services.AddPipeline(settings);
builder.Services.AddPipelineTelemetry(builder.Configuration);
IHost host = builder.Build();
if (settings.Warning is not null)
    host.Services.GetRequiredService<ILogger<PipelineSettings>>().LogError("{Warning}", settings.Warning);
await host.RunAsync();
