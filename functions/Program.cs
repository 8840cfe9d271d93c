using KeypointPipeline.Functions.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddPipeline(PipelineSettings.Read(builder.Configuration));
builder.Services.AddPipelineTelemetry(builder.Configuration);
await builder.Build().RunAsync();
