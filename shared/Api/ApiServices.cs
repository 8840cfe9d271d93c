using KeypointPipeline.Api.Pictures;
using KeypointPipeline.Api.Removal;
using KeypointPipeline.Api.Rows;
using Microsoft.Extensions.DependencyInjection;

namespace KeypointPipeline.Api;

/// <summary>Registers the endpoints.</summary>
public static class ApiServices
{
    /// <summary>Adds every endpoint and <see cref="ApiProblems"/>. The services that endpoints use are added with the pipeline's steps.</summary>
    public static IServiceCollection AddPipelineApi(this IServiceCollection services)
    {
        foreach (ApiRoute route in ApiRoute.All)
            services.AddSingleton(route.Endpoint);
        return services
            .AddSingleton<TrainingStop>()
            .AddSingleton<LearnedKeys>()
            .AddSingleton<BatchGallery>()
            .AddSingleton<BatchPictures>()
            .AddSingleton<DatasetRows>()
            .AddSingleton<RemainingCopies>()
            .AddSingleton<ApiProblems>();
    }
}
